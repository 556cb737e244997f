import type { TokenCounts } from "../../../contracts/usage.ts";
import { isJsonObject } from "../json-body.ts";
import { count, noTokens } from "../token-counts.ts";

/** In Google's enumeration, for clients that ask for numbers instead of names. */
const AUDIO = new Set<unknown>(["AUDIO", 4]);

/**
 * Google's prompt includes what was cached, its candidates exclude thoughts, and prompts of tools
 * come on top; audio is part of the totals. A part larger than its whole means that the provider
 * counts otherwise: then nothing is made up, and the raw usage alone is kept.
 */
export function geminiTokens(usage: unknown): TokenCounts | null {
  const prompt = count(usage, "promptTokenCount");
  const candidates = count(usage, "candidatesTokenCount");
  const thoughts = count(usage, "thoughtsTokenCount");
  const toolUse = count(usage, "toolUsePromptTokenCount");
  if (prompt === null && candidates === null && thoughts === null && toolUse === null) return null;
  const cacheRead = count(usage, "cachedContentTokenCount") ?? 0;
  // What was read from the cache has a price of its own, audio or not.
  const audioIn =
    audioTokens(usage, "promptTokensDetails") - audioTokens(usage, "cacheTokensDetails");
  const audioOut = audioTokens(usage, "candidatesTokensDetails");
  const inputUncached = (prompt ?? 0) - cacheRead - audioIn;
  const outputVisible = (candidates ?? 0) - audioOut;
  if (inputUncached < 0 || audioIn < 0 || outputVisible < 0) return null;
  return {
    ...noTokens(),
    inputUncached,
    cacheRead,
    outputVisible,
    outputReasoning: thoughts ?? 0,
    toolUsePrompt: toolUse ?? 0,
    audioIn,
    audioOut,
  };
}

function audioTokens(usage: unknown, member: string): number {
  const details = isJsonObject(usage) ? usage[member] : undefined;
  if (!Array.isArray(details)) return 0;
  return details
    .filter((detail) => isJsonObject(detail) && AUDIO.has(detail["modality"]))
    .reduce<number>((sum, detail) => sum + (count(detail, "tokenCount") ?? 0), 0);
}
