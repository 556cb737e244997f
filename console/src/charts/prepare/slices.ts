import type { TokenTotals, UsageSlice } from "@weir/gateway/contracts";

const noTokens: TokenTotals = {
  inputUncached: 0,
  cacheRead: 0,
  cacheWrite: 0,
  outputVisible: 0,
  outputReasoning: 0,
  other: 0,
};

const addTokens = (a: TokenTotals, b: TokenTotals): TokenTotals => ({
  inputUncached: a.inputUncached + b.inputUncached,
  cacheRead: a.cacheRead + b.cacheRead,
  cacheWrite: a.cacheWrite + b.cacheWrite,
  outputVisible: a.outputVisible + b.outputVisible,
  outputReasoning: a.outputReasoning + b.outputReasoning,
  other: a.other + b.other,
});

/** The sum of slices, field by field. */
export function addSlices(slices: readonly UsageSlice[]): UsageSlice {
  return slices.reduce<UsageSlice>(
    (sum, each) => ({
      requests: sum.requests + each.requests,
      denied: sum.denied + each.denied,
      errors: sum.errors + each.errors,
      costMicroUsd: sum.costMicroUsd + each.costMicroUsd,
      unpricedRequests: sum.unpricedRequests + each.unpricedRequests,
      missingUsageRequests: sum.missingUsageRequests + each.missingUsageRequests,
      tokens: addTokens(sum.tokens, each.tokens),
    }),
    {
      requests: 0,
      denied: 0,
      errors: 0,
      costMicroUsd: 0,
      unpricedRequests: 0,
      missingUsageRequests: 0,
      tokens: noTokens,
    },
  );
}
