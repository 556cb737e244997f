import type { TokenCounts } from "../../../contracts/usage.ts";
import { exclusiveTokens } from "../openai/inclusive-usage.ts";
import { count, member } from "../token-counts.ts";

/**
 * Tokens of a response, in classes that exclude each other. Cache writes that are kept for 30
 * minutes stand in the class of the short lifetime, those for 12 hours in that of the long one.
 */
export function responseTokens(usage: unknown): TokenCounts | null {
  const input = member(usage, "input_tokens_details");
  const output = member(usage, "output_tokens_details");
  const written = count(input, "cache_write_tokens") ?? 0;
  const lasting = count(member(input, "cache_write_tokens_details"), "ttl_12h_tokens") ?? 0;
  if (lasting > written) return null;
  return exclusiveTokens({
    input: count(usage, "input_tokens"),
    output: count(usage, "output_tokens"),
    total: count(usage, "total_tokens"),
    cacheRead: count(input, "cached_tokens") ?? 0,
    cacheWrite5m: written - lasting,
    cacheWrite1h: lasting,
    audioIn: count(input, "audio_tokens") ?? 0,
    reasoning: count(output, "reasoning_tokens") ?? 0,
    audioOut: count(output, "audio_tokens") ?? 0,
  });
}
