import type { Dialect, Operation, RequestHead } from "../dialect.ts";
import { renderMessagesRefusal, renderMessagesStreamError } from "./error.ts";
import { messageBatches } from "./batches.ts";
import { messageModels } from "./models.ts";
import { countTokens, messages } from "./operations.ts";

/** Anthropic Messages: https://platform.claude.com/docs/en/api/messages */
export const anthropic: Dialect = {
  name: "anthropic",
  providerDialect: "anthropic",
  match,
  renderRefusal: renderMessagesRefusal,
  renderStreamError: renderMessagesStreamError,
};

export const messagesOperation = messages(anthropic);
const countTokensOperation = countTokens(anthropic);

function match(head: RequestHead): Operation | null {
  if (head.method === "POST") {
    if (head.path === "/v1/messages") return messagesOperation;
    if (head.path === "/v1/messages/count_tokens") return countTokensOperation;
  }
  return messageBatches(anthropic, head) ?? messageModels(anthropic, head);
}
