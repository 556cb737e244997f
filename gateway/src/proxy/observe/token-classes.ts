import type { TokenCounts } from "../../contracts/usage.ts";

/** Token classes with the values of their labels: they exclude each other, their sum is the bill. */
export const tokenClasses: readonly (readonly [keyof TokenCounts, string])[] = [
  ["inputUncached", "input_uncached"],
  ["cacheRead", "cache_read"],
  ["cacheWrite5m", "cache_write_5m"],
  ["cacheWrite1h", "cache_write_1h"],
  ["outputVisible", "output_visible"],
  ["outputReasoning", "output_reasoning"],
  ["toolUsePrompt", "tool_use_prompt"],
  ["audioIn", "audio_in"],
  ["audioOut", "audio_out"],
];
