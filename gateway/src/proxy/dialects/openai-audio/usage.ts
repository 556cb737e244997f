import type { TokenCounts } from "../../../contracts/usage.ts";
import type { ResponseFacts } from "../dialect.ts";
import { isJsonObject, type JsonObject } from "../json-body.ts";
import { exclusiveTokens } from "../openai/inclusive-usage.ts";
import { count, member } from "../token-counts.ts";

/**
 * Speech and transcription tell tokens, or the seconds of audio (`type: "duration"`), which no
 * class of tokens can hold: then the raw usage alone is kept and tokens stay missing.
 */
export function readAudioUsage(facts: ResponseFacts, answer: JsonObject): void {
  const { usage } = answer;
  if (!isJsonObject(usage)) return;
  facts.tokens = audioTokens(usage);
  facts.totalTokens = count(usage, "total_tokens");
  facts.rawUsage = JSON.stringify(usage);
  facts.usageIsFinal = facts.tokens !== null;
}

function audioTokens(usage: JsonObject): TokenCounts | null {
  const details = member(usage, "input_token_details");
  return exclusiveTokens({
    input: count(usage, "input_tokens"),
    output: count(usage, "output_tokens"),
    total: count(usage, "total_tokens"),
    cacheRead: 0,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    audioIn: count(details, "audio_tokens") ?? 0,
    reasoning: 0,
    audioOut: 0,
  });
}

/** What is put out is sound, whatever the usage leaves unsaid. */
export function asSpeech(tokens: TokenCounts | null): TokenCounts | null {
  if (tokens === null) return null;
  return { ...tokens, outputVisible: 0, audioOut: tokens.outputVisible + tokens.audioOut };
}
