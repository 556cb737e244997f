import type { TokenCounts } from "../../contracts/index.ts";

/** The chat dialect's usage object: prompt includes what was cached, completion what was reasoned. */
export function chatUsage(tokens: TokenCounts): object {
  const prompt = tokens.inputUncached + tokens.cacheRead;
  const completion = tokens.outputVisible + tokens.outputReasoning;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: { cached_tokens: tokens.cacheRead, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: tokens.outputReasoning,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}
