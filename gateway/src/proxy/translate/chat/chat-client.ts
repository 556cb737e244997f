import type { ClientDialect } from "../client-dialect.ts";
import type { ChatTarget } from "./members.ts";
import { parseChatRequest } from "./parse-request.ts";
import { renderChatAnswer } from "./render-answer.ts";
import { chatErrorStatus, renderChatError } from "./render-error.ts";
import { ChatStreamRenderer } from "./stream-renderer.ts";

export const chatClient: ClientDialect<ChatTarget> = {
  fields: {
    temperature: "temperature",
    topP: "top_p",
    maxOutputTokens: "max_tokens",
    frequencyPenalty: "frequency_penalty",
    presencePenalty: "presence_penalty",
    responseFormat: "response_format",
    toolChoice: "tool_choice",
    strict: "tools[].function.strict",
    reasoning: "reasoning_effort",
    "cacheControl breakpoint limit": "cache_control",
  },
  parse: parseChatRequest,
  renderAnswer: renderChatAnswer,
  streamRenderer: (context) => new ChatStreamRenderer(context),
  errorStatus: chatErrorStatus,
  renderError: renderChatError,
};
