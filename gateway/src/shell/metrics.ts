import { collectDefaultMetrics, Gauge, Registry } from "prom-client";
import { metricNames } from "./metric-names.ts";

/** A registry of this process's own, with the runtime's figures and the build in it. */
export function createMetricsRegistry(process: {
  readonly name: "control" | "proxy" | "supervisor";
  readonly version: string;
}): Registry {
  const registry = new Registry();
  registry.setDefaultLabels({ process: process.name });
  collectDefaultMetrics({ register: registry });
  const buildInfo = new Gauge({
    name: metricNames.buildInfo,
    help: "Always 1; the version is in the label",
    labelNames: ["version"],
    // Over the workers of one machine the sum would be their number.
    aggregator: "first",
    registers: [registry],
  });
  buildInfo.set({ version: process.version }, 1);
  return registry;
}
