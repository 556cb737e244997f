import type { JsonObject } from "../json-value.ts";
import { jsonContentType, streamContentType } from "../reply.ts";

/** How events are put on the connection: over HTTP, or one a message on a socket. */
export interface EventFraming {
  readonly frame: (event: JsonObject & { readonly type: string }) => string;
  readonly error: (message: string) => string;
  readonly contentType: string;
}

const streamError = { code: "server_error", param: null };

export const eventStreamFraming: EventFraming = {
  frame: (event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`,
  error: (message) =>
    `event: error\ndata: ${JSON.stringify({ type: "error", ...streamError, message })}\n\n`,
  contentType: streamContentType,
};

export const socketFraming: EventFraming = {
  frame: (event) => JSON.stringify(event),
  error: (message) =>
    JSON.stringify({
      type: "error",
      status: 500,
      error: { type: "server_error", ...streamError, message },
    }),
  contentType: jsonContentType,
};
