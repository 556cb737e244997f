import type { TokenCounts } from "../../../contracts/usage.ts";
import { exclusiveTokens } from "./inclusive-usage.ts";
import { count, member } from "../token-counts.ts";

/** Tokens of chat completions and completions, in classes that exclude each other. */
export function completionTokens(usage: unknown): TokenCounts | null {
  const prompt = member(usage, "prompt_tokens_details");
  const completion = member(usage, "completion_tokens_details");
  return exclusiveTokens({
    input: count(usage, "prompt_tokens"),
    output: count(usage, "completion_tokens"),
    total: count(usage, "total_tokens"),
    // Compatible providers: DeepSeek tells its cache hits beside the details, Moonshot likewise.
    cacheRead:
      count(prompt, "cached_tokens") ??
      count(usage, "prompt_cache_hit_tokens") ??
      count(usage, "cached_tokens") ??
      0,
    cacheWrite5m: count(prompt, "cache_write_tokens") ?? 0,
    cacheWrite1h: 0,
    audioIn: count(prompt, "audio_tokens") ?? 0,
    reasoning: count(completion, "reasoning_tokens") ?? 0,
    audioOut: count(completion, "audio_tokens") ?? 0,
  });
}
