import type { UsageSlice } from "@weir/gateway/contracts";
import { formatNoun } from "../../format/numbers.ts";

export interface Caveat {
  readonly id: "unpriced" | "missing-usage";
  readonly title: string;
  readonly detail: string;
}

/** What the figures leave out, so that nobody takes unknown for zero. */
export function prepareCaveats(totals: UsageSlice): readonly Caveat[] {
  const caveats: Caveat[] = [];
  if (totals.unpricedRequests > 0) {
    caveats.push({
      id: "unpriced",
      title: `Cost unknown for ${formatNoun(totals.unpricedRequests, "request")}`,
      detail:
        "Their model has no price, so the real spend is higher than shown. Prices can be set for a provider in weir.yaml.",
    });
  }
  if (totals.missingUsageRequests > 0) {
    caveats.push({
      id: "missing-usage",
      title: `No usage reported for ${formatNoun(totals.missingUsageRequests, "request")}`,
      detail:
        "The provider answered without saying how many tokens it used: they are missing here, not zero.",
    });
  }
  return caveats;
}
