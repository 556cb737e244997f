import type { ServerResponse } from "node:http";
import { errorReply } from "./error-reply.ts";
import { jsonContentType } from "./reply.ts";
import type { Format } from "./wire.ts";

/** Answers 200 with JSON text, outside the ledger. */
export function sendJson(response: ServerResponse, body: string): void {
  response.writeHead(200, {
    "content-type": jsonContentType,
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
}

/** Answers with an error in the wire's format, outside the ledger. */
export function sendError(
  response: ServerResponse,
  wire: Format,
  status: number,
  message: string,
): void {
  const reply = errorReply(wire, status, message, { param: null, digest: "unrouted" });
  response.writeHead(status, { ...reply.headers, "content-type": reply.contentType });
  response.end(reply.steps[0]?.bytes);
}
