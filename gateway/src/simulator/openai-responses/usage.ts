import type { TokenCounts } from "../../contracts/index.ts";

/** The Responses usage object: input includes what was cached, output what was reasoned. */
export function responsesUsage(tokens: TokenCounts): object {
  const written = tokens.cacheWrite5m + tokens.cacheWrite1h;
  const input = tokens.inputUncached + tokens.cacheRead + written;
  const output = tokens.outputVisible + tokens.outputReasoning;
  return {
    input_tokens: input,
    input_tokens_details: { cached_tokens: tokens.cacheRead, cache_write_tokens: written },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: tokens.outputReasoning },
    total_tokens: input + output,
  };
}
