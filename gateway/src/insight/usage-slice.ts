import type { UsageSlice } from "../contracts/api/usage.ts";

/** A person who hung up, or whom a policy stopped, met no error. */
const errorOutcomes = [
  "invalid_request",
  "too_large",
  "unavailable",
  "upstream_error",
  "upstream_died",
  "timeout",
  "internal_error",
];

/**
 * The columns of a usage slice. sum() passes over nulls: usage that nobody told, and the cost of a
 * model without a price, are counted beside the sums and never enter them as 0.
 */
export const sliceColumns = `
  count() AS requests,
  countIf(outcome = 'denied') AS denied,
  countIf(outcome IN (${errorOutcomes.map((outcome) => `'${outcome}'`).join(", ")})) AS errors,
  ifNull(sum(cost_micro_usd), 0) AS costMicroUsd,
  countIf(cost_status = 'unpriced') AS unpricedRequests,
  countIf(usage_source = 'missing' AND cost_status != 'not_billed') AS missingUsageRequests,
  ifNull(sum(input_uncached), 0) AS inputUncached,
  ifNull(sum(cache_read), 0) AS cacheRead,
  ifNull(sum(cache_write_5m), 0) + ifNull(sum(cache_write_1h), 0) AS cacheWrite,
  ifNull(sum(output_visible), 0) AS outputVisible,
  ifNull(sum(output_reasoning), 0) AS outputReasoning,
  ifNull(sum(tool_use_prompt), 0) + ifNull(sum(audio_in), 0) + ifNull(sum(audio_out), 0) AS other`;

export type SliceRow = Omit<UsageSlice, "tokens"> & UsageSlice["tokens"];

/** Puts a row's flat columns into the shape of the contract. */
export function toSlice(row: SliceRow): UsageSlice {
  const { requests, denied, errors, costMicroUsd, unpricedRequests, missingUsageRequests } = row;
  const { inputUncached, cacheRead, cacheWrite, outputVisible, outputReasoning, other } = row;
  return {
    requests,
    denied,
    errors,
    costMicroUsd,
    unpricedRequests,
    missingUsageRequests,
    tokens: { inputUncached, cacheRead, cacheWrite, outputVisible, outputReasoning, other },
  };
}

/** The slice of a day on which nothing happened. */
export const emptySlice: UsageSlice = toSlice({
  requests: 0,
  denied: 0,
  errors: 0,
  costMicroUsd: 0,
  unpricedRequests: 0,
  missingUsageRequests: 0,
  inputUncached: 0,
  cacheRead: 0,
  cacheWrite: 0,
  outputVisible: 0,
  outputReasoning: 0,
  other: 0,
});
