import { createAnthropic } from "@ai-sdk/anthropic";
import { isJsonObject, type JsonObject } from "../../dialects/json-body.ts";
import { notTranslatable } from "../fate.ts";
import { NO_KEY, NOWHERE, type UpstreamDialect } from "./upstream-dialect.ts";

/** https://platform.claude.com/docs/en/build-with-claude/extended-thinking */
const MIN_THINKING_TOKENS = 1_024;
/** Of the whole limit; the rest is left for the answer itself. */
const MAX_THINKING_SHARE = 0.8;

/**
 * The AI SDK adds the thinking budget to the caller's limit; a chat caller's limit, and one that
 * policy sets, is for everything that is generated.
 */
function withinLimit(body: JsonObject, maxTokens: number): JsonObject {
  const thinking = body["thinking"];
  const budget = isJsonObject(thinking) ? thinking["budget_tokens"] : undefined;
  const limited = { ...body, max_tokens: maxTokens };
  if (!isJsonObject(thinking) || typeof budget !== "number") return limited;
  const most = Math.floor(maxTokens * MAX_THINKING_SHARE);
  if (most < MIN_THINKING_TOKENS) {
    throw notTranslatable(
      "reasoning_effort",
      `Anthropic needs a token limit of ${Math.ceil(MIN_THINKING_TOKENS / MAX_THINKING_SHARE)} or more to reason; raise the limit or leave the effort out.`,
    );
  }
  return { ...limited, thinking: { ...thinking, budget_tokens: Math.min(budget, most) } };
}

export const anthropicUpstream: UpstreamDialect = {
  operationId: () => "messages",
  model: (modelId, fetch, newId) =>
    createAnthropic({
      baseURL: `${NOWHERE}/v1`,
      apiKey: NO_KEY,
      fetch,
      generateId: newId,
    }).languageModel(modelId),
  blankAnswer: JSON.stringify({
    type: "message",
    id: "blank",
    model: "blank",
    role: "assistant",
    content: [],
    stop_reason: "end_turn",
    stop_sequence: null,
    usage: { input_tokens: 0, output_tokens: 0 },
  }),
  // A limit for a model that the AI SDK does not know, and the nearest level of effort.
  tolerates: (warning) =>
    warning.type === "compatibility" && ["maxOutputTokens", "reasoning"].includes(warning.feature),
  finish: (body, { maxTokens }) => {
    if (maxTokens === undefined) return body;
    const parsed: unknown = JSON.parse(body);
    if (!isJsonObject(parsed) || parsed["max_tokens"] === maxTokens) return body;
    return JSON.stringify(withinLimit(parsed, maxTokens));
  },
};
