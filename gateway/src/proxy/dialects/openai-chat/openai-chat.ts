import type { Dialect, JsonOperation } from "../dialect.ts";
import { renderOpenAiRefusal, renderOpenAiStreamError } from "../openai/error.ts";
import { capSharedTokens } from "../openai/cap-tokens.ts";
import { usageEdits } from "../openai/usage-edits.ts";
import { chatConversation } from "./conversation.ts";
import { describeChat } from "./describe.ts";
import { chatStreamMeter, meterChatJson } from "./response.ts";
import { chatSoftDenial } from "./soft-denial.ts";
import { stripChatTools } from "./strip-tools.ts";

/** OpenAI chat completions: https://platform.openai.com/docs/api-reference/chat */
export const openAiChat: Dialect = {
  name: "openai-chat",
  providerDialect: "openai",
  match: ({ method, path }) =>
    method === "POST" && path === "/v1/chat/completions" ? chatCompletions : null,
  renderRefusal: renderOpenAiRefusal,
  renderStreamError: renderOpenAiStreamError,
};

export const chatCompletions: JsonOperation = {
  kind: "json",
  id: "chat.completions",
  dialect: openAiChat,
  metered: true,
  auxiliary: false,
  free: false,
  upstreamPath: () => "/chat/completions",
  governedMembers: [
    "model",
    "stream",
    "stream_options",
    "messages",
    "tools",
    "functions",
    "web_search_options",
    "max_tokens",
    "max_completion_tokens",
    "n",
    "best_of",
  ],
  streamsJsonArray: false,
  describe: describeChat,
  conversationOf: chatConversation,
  meteringEdits: usageEdits,
  capMaxTokens: (body, maxTokens) =>
    capSharedTokens(body, maxTokens, ["max_completion_tokens", "max_tokens"]),
  setModel: (model) => [{ member: "model", json: JSON.stringify(model) }],
  stripTools: stripChatTools,
  streamMeter: chatStreamMeter,
  meterJson: meterChatJson,
  softDenial: chatSoftDenial,
};
