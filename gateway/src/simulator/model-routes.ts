import { modelList } from "./model-list.ts";
import { chatWire } from "./openai-chat/wire.ts";
import type { Route } from "./route.ts";
import { sendJson } from "./send.ts";

/** The list that OpenAI's and Anthropic's dialects share a path for. */
export const modelRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/v1/models",
    wire: chatWire,
    serve: ({ message, response }) => {
      const isAnthropic = message.headers["anthropic-version"] !== undefined;
      sendJson(response, modelList(isAnthropic ? "anthropic" : "openai-chat"));
    },
  },
];
