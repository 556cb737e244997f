import type { TokenCounts } from "../../../contracts/usage.ts";
import { noTokens } from "../token-counts.ts";

/** Counts as OpenAI's dialects tell them: totals, and what they are said to include. */
export interface InclusiveUsage {
  input: number | null;
  output: number | null;
  /** The provider's own sum, if it tells one. */
  total: number | null;
  cacheRead: number;
  cacheWrite5m: number;
  cacheWrite1h: number;
  audioIn: number;
  reasoning: number;
  audioOut: number;
}

/**
 * The mutually exclusive classes. Some compatible providers count cached or reasoning tokens
 * beside their totals; the provider's own sum tells which. A part larger than its whole remains
 * a contradiction: then nothing is made up (null), and the raw usage alone is kept.
 */
export function exclusiveTokens(usage: InclusiveUsage): TokenCounts | null {
  if (usage.input === null && usage.output === null) return null;
  const cached = usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h;
  const beside = countedBeside(usage, cached);
  const input = (usage.input ?? 0) + (beside.cached ? cached : 0);
  const output = (usage.output ?? 0) + (beside.reasoning ? usage.reasoning : 0);
  const inputUncached = input - cached - usage.audioIn;
  const outputVisible = output - usage.reasoning - usage.audioOut;
  if (inputUncached < 0 || outputVisible < 0) return null;
  return {
    ...noTokens(),
    inputUncached,
    cacheRead: usage.cacheRead,
    cacheWrite5m: usage.cacheWrite5m,
    cacheWrite1h: usage.cacheWrite1h,
    outputVisible,
    outputReasoning: usage.reasoning,
    audioIn: usage.audioIn,
    audioOut: usage.audioOut,
  };
}

/** What makes up the difference between the provider's sum and its two totals, if that is clear. */
function countedBeside(
  { input, output, total, reasoning }: InclusiveUsage,
  cached: number,
): { cached: boolean; reasoning: boolean } {
  const surplus = (total ?? 0) - (input ?? 0) - (output ?? 0);
  if (surplus <= 0) return { cached: false, reasoning: false };
  if (surplus === cached + reasoning) return { cached: cached > 0, reasoning: reasoning > 0 };
  if (cached === reasoning) return { cached: false, reasoning: false };
  return { cached: surplus === cached, reasoning: surplus === reasoning };
}
