import type { IncomingMessage } from "node:http";
import type { Transform } from "node:stream";
import { ClientGone } from "../client-gone.ts";

/**
 * Sends a request's body into a transform. Not `pipeline`: that would destroy the request with the
 * transform, and a client that is still sending would never come to read our answer.
 */
export function feed(request: IncomingMessage, into: Transform): void {
  request.once("close", () => {
    if (!request.readableEnded) into.destroy(new ClientGone());
  });
  into.once("close", () => {
    request.unpipe(into);
    request.resume();
  });
  // Whoever reads the transform sees its error, and `close` tells of the request's.
  into.on("error", ignore);
  request.on("error", ignore);
  request.pipe(into);
}

function ignore(): void {}
