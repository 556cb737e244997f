import type { TokenCounts } from "../contracts/index.ts";

export const noTokens: TokenCounts = {
  inputUncached: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  outputVisible: 0,
  outputReasoning: 0,
  toolUsePrompt: 0,
  audioIn: 0,
  audioOut: 0,
};

/** Class by class. */
export function addTokens(a: TokenCounts, b: TokenCounts): TokenCounts {
  return {
    inputUncached: a.inputUncached + b.inputUncached,
    cacheRead: a.cacheRead + b.cacheRead,
    cacheWrite5m: a.cacheWrite5m + b.cacheWrite5m,
    cacheWrite1h: a.cacheWrite1h + b.cacheWrite1h,
    outputVisible: a.outputVisible + b.outputVisible,
    outputReasoning: a.outputReasoning + b.outputReasoning,
    toolUsePrompt: a.toolUsePrompt + b.toolUsePrompt,
    audioIn: a.audioIn + b.audioIn,
    audioOut: a.audioOut + b.audioOut,
  };
}
