import type { ClientDialect } from "../client-dialect.ts";
import type { MessagesTarget } from "./members.ts";
import { parseMessagesRequest } from "./parse-request.ts";
import { renderMessagesAnswer } from "./render-answer.ts";
import { renderMessagesError } from "./render-error.ts";
import { MessagesStreamRenderer } from "./stream-renderer.ts";

export const messagesClient: ClientDialect<MessagesTarget> = {
  fields: {
    temperature: "temperature",
    topP: "top_p",
    topK: "top_k",
    maxOutputTokens: "max_tokens",
    responseFormat: "output_config.format",
    toolChoice: "tool_choice",
    strict: "tools[].strict",
    reasoning: "output_config.effort",
  },
  parse: parseMessagesRequest,
  renderAnswer: renderMessagesAnswer,
  streamRenderer: (context) => new MessagesStreamRenderer(context),
  errorStatus: (status) => status,
  renderError: renderMessagesError,
};
