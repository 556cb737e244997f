import type { Route } from "../route.ts";
import { serveCall } from "../serve-call.ts";
import type { Wire } from "../wire.ts";
import { messageBatchRoutes } from "./batches.ts";
import { countTokensWire } from "./count-tokens.ts";
import { anthropicWire } from "./wire.ts";

/** Keeps batches, so made once a simulator. */
export function anthropicRoutes(): readonly Route[] {
  return [
    jsonRoute("/v1/messages", anthropicWire),
    jsonRoute("/v1/messages/count_tokens", countTokensWire),
    ...messageBatchRoutes(),
  ];
}

function jsonRoute(path: string, wire: Wire): Route {
  return { method: "POST", path, wire, serve: (received) => serveCall(wire, received) };
}
