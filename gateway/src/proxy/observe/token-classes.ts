import type { TokenCounts } from "../../contracts/usage.ts";

/** Label values of token classes: they exclude each other, so that their sum is the bill. */
export const tokenClasses: Readonly<Record<keyof TokenCounts, string>> = {
  inputUncached: "input_uncached",
  cacheRead: "cache_read",
  cacheWrite5m: "cache_write_5m",
  cacheWrite1h: "cache_write_1h",
  outputVisible: "output_visible",
  outputReasoning: "output_reasoning",
  toolUsePrompt: "tool_use_prompt",
  audioIn: "audio_in",
  audioOut: "audio_out",
};

/** Each class that has tokens, with the value of its label. */
export function* countedClasses(tokens: TokenCounts): Generator<[label: string, count: number]> {
  let member: keyof TokenCounts;
  for (member in tokenClasses) {
    if (tokens[member] > 0) yield [tokenClasses[member], tokens[member]];
  }
}
