import type { Route } from "../route.ts";
import { serveCall } from "../serve-call.ts";
import { chatWire } from "./wire.ts";

export const chatRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/v1/chat/completions",
    wire: chatWire,
    serve: (received) => serveCall(chatWire, received),
  },
];
