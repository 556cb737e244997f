import type { Registry } from "prom-client";
import { metricNames as names } from "../../shell/metric-names.ts";
import { LabelCounter } from "./label-counter.ts";
import type { ObservedCall } from "./observed-call.ts";
import { tokenClasses } from "./token-classes.ts";

/** Counts what providers charged; tokens that we estimated are never mixed with theirs. */
export class UsageCounters {
  readonly #tokens: LabelCounter;
  readonly #estimated: LabelCounter;
  readonly #usage: LabelCounter;
  readonly #costs: LabelCounter;
  readonly #mismatches: LabelCounter;

  constructor(registers: Registry[]) {
    this.#tokens = new LabelCounter({
      name: names.tokens,
      help: "Tokens that providers told of, by class; the classes exclude each other",
      labelNames: ["provider", "class"],
      registers,
    });
    this.#estimated = new LabelCounter({
      name: names.estimatedTokens,
      help: "Tokens estimated for answers that broke off before their usage was told",
      labelNames: ["provider", "class"],
      registers,
    });
    this.#usage = new LabelCounter({
      name: names.usage,
      help: "Calls that a provider was asked for, by where their usage comes from",
      labelNames: ["source"],
      registers,
    });
    this.#costs = new LabelCounter({
      name: names.costs,
      help: "Calls that a provider was asked for, by whether their price is known",
      labelNames: ["provider", "status"],
      registers,
    });
    this.#mismatches = new LabelCounter({
      name: names.totalMismatch,
      help: "Calls whose token classes do not add up to the provider's own total",
      labelNames: [],
      registers,
    });
  }

  count({ provider, attempts, usage, costStatus, flags }: ObservedCall): void {
    if (provider === null || attempts.length === 0) return;
    this.#usage.add([usage.source]);
    this.#costs.add([provider.name, costStatus]);
    if (flags.includes("total_mismatch")) this.#mismatches.add([]);
    if (usage.tokens === null) return;
    const counter = usage.source === "estimated" ? this.#estimated : this.#tokens;
    for (const [member, label] of tokenClasses) {
      const count = usage.tokens[member];
      if (count > 0) counter.add([provider.name, label], count);
    }
  }
}
