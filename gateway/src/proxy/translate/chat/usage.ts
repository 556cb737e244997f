import type { LanguageModelV4Usage } from "@ai-sdk/provider";
import type { JsonObject } from "../../dialects/json-body.ts";

/** In OpenAI's convention, where the whole includes its parts; null when nothing was told. */
export function chatUsage({ inputTokens, outputTokens }: LanguageModelV4Usage): JsonObject | null {
  if (inputTokens.total === undefined && outputTokens.total === undefined) return null;
  const prompt = inputTokens.total ?? 0;
  const completion = outputTokens.total ?? 0;
  return {
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
    prompt_tokens_details: {
      cached_tokens: inputTokens.cacheRead ?? 0,
      ...(inputTokens.cacheWrite ? { cache_write_tokens: inputTokens.cacheWrite } : {}),
    },
    completion_tokens_details: { reasoning_tokens: outputTokens.reasoning ?? 0 },
  };
}
