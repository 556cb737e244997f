import type { Dialect } from "../dialect.ts";
import { describeChat } from "./describe.ts";
import { capChatTokens, stripChatTools, usageEdits } from "./edits.ts";
import { renderChatRefusal, renderChatStreamError } from "./error.ts";
import { chatStreamMeter, meterChatJson } from "./response.ts";

/** OpenAI chat completions: https://platform.openai.com/docs/api-reference/chat */
export const openAiChat: Dialect = {
  name: "openai-chat",
  providerDialect: "openai",
  upstreamPath: "/chat/completions",
  modelsPath: "/models",
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
  ],
  credentialHeader: (apiKey) => ["authorization", `Bearer ${apiKey}`],
  describe: describeChat,
  meteringEdits: usageEdits,
  capMaxTokens: capChatTokens,
  setModel: (model) => [{ member: "model", json: JSON.stringify(model) }],
  stripTools: stripChatTools,
  streamMeter: chatStreamMeter,
  meterJson: meterChatJson,
  modelList: (ids) =>
    JSON.stringify({
      object: "list",
      data: ids.map((id) => ({ id, object: "model", created: 0, owned_by: "weir" })),
    }),
  renderRefusal: renderChatRefusal,
  renderStreamError: renderChatStreamError,
};
