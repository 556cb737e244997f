import type { Attempted } from "./attempt.ts";
import type { Ending, Exchange } from "./exchange.ts";
import type { OwedBills } from "./meter/owed-bills.ts";

/**
 * Books the usage that a fetched answer tells with the first call that fetches it, and only if the
 * call that made the answer has no bill of its own.
 */
export function settleOwed(
  { operation }: Exchange,
  { facts, relayed }: Attempted,
  owed: OwedBills,
): void {
  if (operation.kind !== "opaque" || operation.meterJson === null) return;
  if (relayed.upstreamStatus >= 400) return;
  if (facts.tokens !== null && owed.settle(facts.responseId)) return;
  facts.tokens = null;
  facts.rawUsage = "";
  facts.serverToolCalls = {};
  facts.isBilledElsewhere = true;
}

/** Remembers an answer whose row has no usage, an estimate neither: a later call may be told it. */
export function oweUntold({ operation }: Exchange, ending: Ending, owed: OwedBills): void {
  if (operation.kind === "opaque" || operation.keepsState !== true) return;
  if (ending.usage.tokens === null && ending.upstreamStatus < 400 && ending.responseId !== "") {
    owed.owe(ending.responseId);
  }
}
