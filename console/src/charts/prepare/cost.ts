import type { UsageSlice } from "@weir/gateway/contracts";
import { formatMoney, formatMoneyExact } from "../../format/money.ts";

type Priced = Pick<UsageSlice, "costMicroUsd" | "unpricedRequests">;

/** Known cost in micro-USD; null when nothing is known of it, which is not zero. */
export const knownCost = (slice: Priced): number | null =>
  slice.unpricedRequests > 0 && slice.costMicroUsd === 0 ? null : slice.costMicroUsd;

/** `$1.20`, `≥ $1.20` when some requests have no price, `unknown` when none has. */
export function costInWords(slice: Priced, precision: "short" | "exact" = "short"): string {
  const known = knownCost(slice);
  if (known === null) return "unknown";
  const amount = precision === "exact" ? formatMoneyExact(known) : formatMoney(known);
  return slice.unpricedRequests > 0 ? `≥ ${amount}` : amount;
}
