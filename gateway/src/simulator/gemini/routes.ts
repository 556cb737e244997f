import { modelList, modelObject } from "../model-list.ts";
import type { Route } from "../route.ts";
import { sendError, sendJson } from "../send.ts";
import { serveCall } from "../serve-call.ts";
import { geminiVerbs, geminiWire } from "./wire.ts";

const call = new RegExp(
  `^/(?:v1|v1beta)/(?<collection>models|tunedModels)/(?<model>.+):(?<verb>${geminiVerbs.join("|")})$`,
);

export const geminiRoutes: readonly Route[] = [
  {
    method: "POST",
    path: call,
    wire: geminiWire,
    serve: (received) => serveCall(geminiWire, received),
  },
  {
    method: "GET",
    path: "/v1beta/models",
    wire: geminiWire,
    serve: ({ response }) => sendJson(response, modelList("gemini")),
  },
  {
    method: "GET",
    path: /^\/v1beta\/models\/(?<id>[^/:]+)$/,
    wire: geminiWire,
    serve: ({ response, params }) => {
      const id = params["id"] ?? "";
      const model = modelObject("gemini", id);
      if (model !== null) sendJson(response, model);
      else sendError(response, geminiWire, 404, `models/${id} is not found`);
    },
  },
];
