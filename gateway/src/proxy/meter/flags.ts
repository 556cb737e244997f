import type { TokenCounts } from "../../contracts/usage.ts";
import type { ResponseFacts } from "../dialects/dialect.ts";

/** What about an answer's usage needs a second look: fixed words, so that they can be counted. */
export function usageFlags({ tokens, totalTokens, rawUsage }: ResponseFacts): string[] {
  if (tokens === null) return rawUsage === "" ? [] : ["usage_unreadable"];
  if (totalTokens === null || totalTokens === sumOf(tokens)) return [];
  return ["total_mismatch"];
}

/** All token classes together: they exclude each other. */
export function sumOf(tokens: TokenCounts): number {
  let sum = 0;
  for (const count of Object.values(tokens)) sum += count;
  return sum;
}
