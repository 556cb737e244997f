import type { Attempted } from "./attempt.ts";
import type { Exchange } from "./exchange.ts";
import type { OwedBills } from "./meter/owed-bills.ts";

/**
 * Books the usage of an answer with one call only: with the one that made it, or, if that ended
 * before the provider told any, with the first that fetches it and is told.
 */
export function settleOwed(
  { operation }: Exchange,
  { facts, relayed }: Attempted,
  owed: OwedBills,
): void {
  if (relayed.upstreamStatus >= 400) return;
  if (operation.kind !== "opaque") {
    const isOpen = operation.keepsState === true && facts.tokens === null;
    if (isOpen && facts.responseId !== "") owed.owe(facts.responseId);
    return;
  }
  if (operation.meterJson === null) return;
  if (facts.tokens !== null && owed.settle(facts.responseId)) return;
  facts.tokens = null;
  facts.rawUsage = "";
  facts.serverToolCalls = {};
  facts.isBilledElsewhere = true;
}
