import { AggregatorRegistry, Counter, Gauge, type Registry } from "prom-client";
import { metricNames } from "../shell/metric-names.ts";
import { createMetricsRegistry } from "../shell/metrics.ts";
import type { KeptChild } from "./kept-child.ts";

const ANSWER_WITHIN_MS = 2_000;

/** A kept child, whatever its role. */
export type Part = Pick<KeptChild<unknown>, "name" | "isServing" | "restarts" | "child" | "kill">;

/**
 * Everybody's metrics in one text: those of the workers summed. A child that does not answer in
 * time is left out, which `weir_process_up` shows.
 */
export function createMetricsCollector(version: string, parts: () => readonly Part[]) {
  const own = createMetricsRegistry({ name: "supervisor", version });
  describeParts(own, parts);
  return async (): Promise<{ text: string; contentType: string }> => {
    const answers = await Promise.all(parts().map(({ child }) => child.metrics(ANSWER_WITHIN_MS)));
    const all = [await own.getMetricsAsJSON(), ...answers.filter((answer) => answer !== null)];
    const merged = AggregatorRegistry.aggregate(all);
    return { text: await merged.metrics(), contentType: merged.contentType };
  };
}

function describeParts(registry: Registry, parts: () => readonly Part[]): void {
  new Gauge({
    name: metricNames.processUp,
    help: "1 while the process can do its work",
    labelNames: ["part"],
    registers: [registry],
    collect() {
      for (const { name, isServing } of parts()) this.set({ part: name }, isServing ? 1 : 0);
    },
  });
  new Counter({
    name: metricNames.processRestarts,
    help: "How often a process ended by itself and was started again",
    labelNames: ["part"],
    registers: [registry],
    collect() {
      this.reset();
      for (const { name, restarts } of parts()) this.inc({ part: name }, restarts);
    },
  });
}
