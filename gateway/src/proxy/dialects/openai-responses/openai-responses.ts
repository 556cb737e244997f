import type { Dialect, Operation, RequestHead } from "../dialect.ts";
import { renderOpenAiRefusal } from "../openai/error.ts";
import { responsesStatus } from "../status-table.ts";
import { conversation } from "./conversations.ts";
import { refusalEvents, renderEvents } from "./denial-events.ts";
import { compactResponse, countInputTokens, createResponse } from "./operations.ts";
import { storedResponse } from "./stored.ts";

/** OpenAI Responses: https://platform.openai.com/docs/api-reference/responses */
export const openAiResponses: Dialect = {
  name: "openai-responses",
  providerDialect: "openai",
  match,
  renderRefusal: (refusal, ids) => renderOpenAiRefusal(refusal, ids, responsesStatus),
  renderStreamError: (refusal, ids, soFar) => renderEvents(refusalEvents(refusal, ids, soFar)),
};

/** `POST /v1/responses`, which a WebSocket carries too, one call a message. */
export const responsesOperation = createResponse(openAiResponses);

const posted: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ["/v1/responses", responsesOperation],
  ["/v1/responses/input_tokens", countInputTokens(openAiResponses)],
  ["/v1/responses/compact", compactResponse(openAiResponses)],
]);

function match(head: RequestHead): Operation | null {
  const operation = head.method === "POST" ? posted.get(head.path) : undefined;
  return operation ?? storedResponse(openAiResponses, head) ?? conversation(openAiResponses, head);
}
