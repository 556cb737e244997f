import type { Route } from "../route.ts";
import { sendJson } from "../send.ts";
import { serveCall } from "../serve-call.ts";
import { countTokens } from "./count-tokens.ts";
import { anthropicWire } from "./wire.ts";

export const anthropicRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/v1/messages",
    wire: anthropicWire,
    serve: (received) => serveCall(anthropicWire, received),
  },
  {
    method: "POST",
    path: "/v1/messages/count_tokens",
    wire: anthropicWire,
    serve: ({ response, body }) => sendJson(response, countTokens(body)),
  },
];
