import { modelList, modelObject } from "./model-list.ts";
import { anthropicWire } from "./anthropic/wire.ts";
import { chatWire } from "./openai-chat/wire.ts";
import type { Route } from "./route.ts";
import { sendError, sendJson } from "./send.ts";
import type { Received } from "./wire.ts";

/** The list of models and its members, which OpenAI's and Anthropic's dialects share paths for. */
export const modelRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/v1/models",
    wire: chatWire,
    serve: (call) => sendJson(call.response, modelList(wireOf(call).dialect)),
  },
  {
    method: "GET",
    path: /^\/v1\/models\/(?<id>[^:]+)$/,
    wire: chatWire,
    serve: (call) => {
      const id = call.params["id"] ?? "";
      const model = modelObject(wireOf(call).dialect, id);
      if (model !== null) sendJson(call.response, model);
      else sendError(call.response, wireOf(call), 404, `The model '${id}' does not exist`);
    },
  },
];

function wireOf({ message }: Received): typeof chatWire {
  return message.headers["anthropic-version"] === undefined ? chatWire : anthropicWire;
}
