import { modelList, modelObject } from "./model-list.ts";
import { anthropicWire } from "./anthropic/wire.ts";
import { geminiWire } from "./gemini/wire.ts";
import { chatWire } from "./openai-chat/wire.ts";
import type { Route } from "./route.ts";
import { sendError, sendJson } from "./send.ts";
import type { Received } from "./wire.ts";

/** The list of models and its members, which all dialects share paths for. */
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

function wireOf({ message, query }: Received): typeof chatWire {
  const { headers } = message;
  if (headers["anthropic-version"] !== undefined) return anthropicWire;
  const isGoogle = ["x-goog-api-key", "x-goog-api-client"].some((name) => name in headers);
  return isGoogle || query.has("key") ? geminiWire : chatWire;
}
