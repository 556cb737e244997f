import type { IncomingMessage, ServerResponse } from "node:http";
import { readBody } from "./read-body.ts";
import type { RouteTable } from "./route.ts";
import { unroutedWire } from "./routes.ts";
import { sendError } from "./send.ts";
import type { Shared } from "./wire.ts";

/** Answers one HTTP request by the table. */
export function routeCall(
  routes: RouteTable,
  shared: Shared,
  message: IncomingMessage,
  response: ServerResponse,
): void {
  const [path = "", query = ""] = (message.url ?? "").split("?", 2);
  const matched = routes.find(message.method ?? "", path);
  const call = { message, response, path, query: searchOf(query), ...shared };
  if (matched === null) {
    readBody(message, shared.maxBodyBytes, () => unrouted(message, response, path));
    return;
  }
  const { route, params } = matched;
  if (route.body === "unread") {
    route.serve({ ...call, params, body: noBytes });
    return;
  }
  readBody(message, shared.maxBodyBytes, (body) => {
    if (body !== null) route.serve({ ...call, params, body });
    else sendError(response, route.wire, 413, "The request's body is too large");
  });
}

function unrouted(message: IncomingMessage, response: ServerResponse, path: string): void {
  if (message.method === "HEAD") {
    response.writeHead(200).end();
    return;
  }
  const text = `Weir's simulator has no ${message.method} ${path}`;
  sendError(response, unroutedWire(path, message), 404, text);
}

const noBytes = Buffer.alloc(0);
const noQuery = new URLSearchParams();

function searchOf(query: string): URLSearchParams {
  return query === "" ? noQuery : new URLSearchParams(query);
}
