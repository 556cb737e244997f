import { completionsWire } from "../openai-completions/wire.ts";
import { embeddingsWire } from "../openai-embeddings/wire.ts";
import { moderationsWire } from "../openai-moderations/wire.ts";
import type { Route } from "../route.ts";
import { serveCall } from "../serve-call.ts";
import type { Wire } from "../wire.ts";

/** OpenAI's formats that are one path with JSON in it. */
export const openaiJsonRoutes: readonly Route[] = [
  jsonRoute("/v1/completions", completionsWire),
  jsonRoute("/v1/embeddings", embeddingsWire),
  jsonRoute("/v1/moderations", moderationsWire),
];

function jsonRoute(path: string, wire: Wire): Route {
  return { method: "POST", path, wire, serve: (call) => serveCall(wire, call) };
}
