import type { TokenCounts } from "../../../contracts/usage.ts";
import { count, member, noTokens } from "../token-counts.ts";

/**
 * OpenAI's counts include their parts (cached and audio tokens in the prompt, reasoning and audio
 * in the completion); ours exclude each other. A part larger than its whole means that the
 * provider counts otherwise: then nothing is made up, and the raw usage alone is kept.
 */
export function chatTokens(usage: unknown): TokenCounts | null {
  const prompt = count(usage, "prompt_tokens");
  const completion = count(usage, "completion_tokens");
  if (prompt === null && completion === null) return null;
  const promptParts = member(usage, "prompt_tokens_details");
  const completionParts = member(usage, "completion_tokens_details");
  const cacheRead = count(promptParts, "cached_tokens") ?? 0;
  const cacheWrite = count(promptParts, "cache_write_tokens") ?? 0;
  const audioIn = count(promptParts, "audio_tokens") ?? 0;
  const reasoning = count(completionParts, "reasoning_tokens") ?? 0;
  const audioOut = count(completionParts, "audio_tokens") ?? 0;
  const inputUncached = (prompt ?? 0) - cacheRead - cacheWrite - audioIn;
  const outputVisible = (completion ?? 0) - reasoning - audioOut;
  if (inputUncached < 0 || outputVisible < 0) return null;
  return {
    ...noTokens(),
    inputUncached,
    cacheRead,
    cacheWrite5m: cacheWrite,
    outputVisible,
    outputReasoning: reasoning,
    audioIn,
    audioOut,
  };
}
