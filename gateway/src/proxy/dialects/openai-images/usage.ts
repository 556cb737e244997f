import type { ResponseFacts } from "../dialect.ts";
import { isJsonObject, type JsonObject } from "../json-body.ts";
import { exclusiveTokens } from "../openai/inclusive-usage.ts";
import { count, member } from "../token-counts.ts";

/**
 * Image tokens have no class of their own: they stand with the input and the visible output, and
 * the raw usage keeps the split by text and image. What an SVG's author model used is another
 * model's bill (`svg_usage`): it goes into the total alone, so that the row shows a mismatch.
 */
export function readImageUsage(facts: ResponseFacts, answer: JsonObject): void {
  const { usage, svg_usage: svgUsage } = answer;
  if (!isJsonObject(usage)) return;
  const total = count(usage, "total_tokens");
  facts.tokens = exclusiveTokens({
    input: count(usage, "input_tokens"),
    output: count(usage, "output_tokens"),
    total,
    cacheRead: count(member(usage, "input_tokens_details"), "cached_tokens") ?? 0,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    audioIn: 0,
    reasoning: 0,
    audioOut: 0,
  });
  const ofAuthor = count(svgUsage, "total_tokens") ?? 0;
  facts.totalTokens = total === null ? null : total + ofAuthor;
  facts.rawUsage = JSON.stringify(
    isJsonObject(svgUsage) ? { ...usage, svg_usage: svgUsage } : usage,
  );
  facts.usageIsFinal = facts.tokens !== null;
}
