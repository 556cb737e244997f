import type { TokenCounts } from "../../contracts/usage.ts";

/** Inclusive totals, as the conventions want them: cached tokens are input, reasoning is output. */
export function tokenTotals(tokens: TokenCounts) {
  const cacheCreation = tokens.cacheWrite5m + tokens.cacheWrite1h;
  return {
    input:
      tokens.inputUncached +
      tokens.cacheRead +
      cacheCreation +
      tokens.toolUsePrompt +
      tokens.audioIn,
    output: tokens.outputVisible + tokens.outputReasoning + tokens.audioOut,
    cacheCreation,
  };
}
