import type { Dialect, JsonOperation } from "../dialect.ts";
import { unknownResponse } from "../response-facts.ts";
import { count, noTokens } from "../token-counts.ts";
import { messagesConversation } from "./conversation.ts";
import { describeMessages } from "./describe.ts";
import { capMessagesTokens, stripMessagesTools } from "./edits.ts";
import { messagesStreamMeter, meterMessagesJson } from "./response.ts";
import { messagesSoftDenial } from "./soft-denial.ts";

export function messages(dialect: Dialect): JsonOperation {
  return {
    kind: "json",
    id: "messages",
    dialect,
    metered: true,
    auxiliary: false,
    free: false,
    upstreamPath: () => "/v1/messages",
    governedMembers: ["model", "stream", "messages", "tools", "mcp_servers", "max_tokens"],
    streamsJsonArray: false,
    describe: describeMessages,
    conversationOf: messagesConversation,
    meteringEdits: () => ({ edits: [], stripUsageFrame: false }),
    capMaxTokens: capMessagesTokens,
    setModel: (model) => [{ member: "model", json: JSON.stringify(model) }],
    stripTools: stripMessagesTools,
    streamMeter: messagesStreamMeter,
    meterJson: meterMessagesJson,
    softDenial: messagesSoftDenial,
  };
}

/** Free of charge, but content leaves the company all the same: policy applies as to a message. */
export function countTokens(dialect: Dialect): JsonOperation {
  return {
    ...messages(dialect),
    id: "messages.count_tokens",
    auxiliary: true,
    free: true,
    upstreamPath: () => "/v1/messages/count_tokens",
    capMaxTokens: () => [],
    meterJson: (body) => {
      const counted = count(body, "input_tokens") !== null;
      if (!counted) return unknownResponse();
      return { ...unknownResponse(), ended: true, usageIsFinal: true, tokens: noTokens() };
    },
    softDenial: () => null,
  };
}
