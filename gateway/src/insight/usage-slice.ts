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
 * The columns of a usage slice, from rows with the columns of `calls_hour`. Usage that nobody told,
 * and the cost of a model without a price, are counted beside the sums and never enter them as 0.
 */
export const sliceColumns = `
  sum(calls) AS requests,
  sumIf(calls, outcome = 'denied') AS denied,
  sumIf(calls, outcome IN (${errorOutcomes.map((outcome) => `'${outcome}'`).join(", ")})) AS errors,
  sum(cost_micro_usd) AS costMicroUsd,
  sum(unpriced_calls) AS unpricedRequests,
  sum(missing_usage_calls) AS missingUsageRequests,
  sum(input_uncached) AS inputUncached,
  sum(cache_read) AS cacheRead,
  sum(cache_write_5m) + sum(cache_write_1h) AS cacheWrite,
  sum(output_visible) AS outputVisible,
  sum(output_reasoning) AS outputReasoning,
  sum(tool_use_prompt) + sum(audio_in) + sum(audio_out) AS other`;

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
