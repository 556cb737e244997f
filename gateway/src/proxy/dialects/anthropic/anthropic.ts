import type { Dialect } from "../dialect.ts";
import { describeMessages } from "./describe.ts";
import { capMessagesTokens, stripMessagesTools } from "./edits.ts";
import { renderMessagesRefusal, renderMessagesStreamError } from "./error.ts";
import { messagesStreamMeter, meterMessagesJson } from "./response.ts";

/** Anthropic Messages: https://platform.claude.com/docs/en/api/messages */
export const anthropic: Dialect = {
  name: "anthropic",
  providerDialect: "anthropic",
  upstreamPath: "/v1/messages",
  modelsPath: "/v1/models",
  governedMembers: ["model", "stream", "messages", "tools", "mcp_servers", "max_tokens"],
  credentialHeader: (apiKey) => ["x-api-key", apiKey],
  describe: describeMessages,
  meteringEdits: () => ({ edits: [], stripUsageFrame: false }),
  capMaxTokens: capMessagesTokens,
  setModel: (model) => [{ member: "model", json: JSON.stringify(model) }],
  stripTools: stripMessagesTools,
  streamMeter: messagesStreamMeter,
  meterJson: meterMessagesJson,
  modelList: (ids) =>
    JSON.stringify({
      data: ids.map((id) => ({
        type: "model",
        id,
        display_name: id,
        created_at: "1970-01-01T00:00:00Z",
      })),
      has_more: false,
      first_id: ids[0] ?? null,
      last_id: ids.at(-1) ?? null,
    }),
  renderRefusal: renderMessagesRefusal,
  renderStreamError: renderMessagesStreamError,
};
