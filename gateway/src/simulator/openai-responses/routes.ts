import { billInput } from "../bill.ts";
import { bodySeen } from "../entry.ts";
import { freeCall } from "../free-call.ts";
import type { Route } from "../route.ts";
import { parsedObject, serveCall, serveRead } from "../serve-call.ts";
import type { Wire } from "../wire.ts";
import type { ResponseMemory } from "./memory.ts";
import { readResponses } from "./read.ts";
import { cancelled, deleted, fetched } from "./stored.ts";

const one = /^\/v1\/responses\/(?<id>[^/]+)$/;
const cancel = /^\/v1\/responses\/(?<id>[^/]+)\/cancel$/;

/** Responses over HTTP. What a response cost is billed when it is made, never when it is fetched. */
export function responsesRoutes(wire: Wire, memory: ResponseMemory): readonly Route[] {
  const stored = (method: string, path: RegExp, act: typeof fetched): Route => ({
    method,
    path,
    wire,
    serve: (call) =>
      serveRead(wire, call, bodySeen(call.body), () => act(memory, call.params["id"] ?? "")),
  });
  return [
    { method: "POST", path: "/v1/responses", wire, serve: (call) => serveCall(wire, call) },
    {
      method: "POST",
      path: "/v1/responses/input_tokens",
      wire,
      serve: (call) => {
        const body = bodySeen(call.body);
        serveRead(wire, call, body, () => {
          const json = { model: "", ...parsedObject(call.body.toString()) };
          const request = readResponses({ json, sha256: body.sha256 }, memory);
          const { inputUncached } = billInput(request);
          const counted = { object: "response.input_tokens", input_tokens: inputUncached };
          return freeCall(counted, request);
        });
      },
    },
    stored("GET", one, fetched),
    stored("DELETE", one, deleted),
    stored("POST", cancel, cancelled),
  ];
}
