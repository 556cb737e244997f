import type { TokenCounts } from "../../contracts/index.ts";

/** The Messages usage object: `input_tokens` is only what was neither read from nor put in a cache. */
export function messagesUsage(tokens: TokenCounts): object {
  return {
    input_tokens: tokens.inputUncached,
    cache_creation_input_tokens: tokens.cacheWrite5m + tokens.cacheWrite1h,
    cache_read_input_tokens: tokens.cacheRead,
    cache_creation: {
      ephemeral_5m_input_tokens: tokens.cacheWrite5m,
      ephemeral_1h_input_tokens: tokens.cacheWrite1h,
    },
    output_tokens: tokens.outputVisible + tokens.outputReasoning,
    ...(tokens.outputReasoning > 0
      ? { output_tokens_details: { thinking_tokens: tokens.outputReasoning } }
      : {}),
    service_tier: "standard",
  };
}
