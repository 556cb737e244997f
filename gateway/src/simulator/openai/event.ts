import type { JsonObject } from "../json-value.ts";

/** A server-sent event whose name is its data's type. */
export function typedEvent(data: JsonObject & { readonly type: string }): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** An error after a stream of typed events has begun. */
export function errorEvent(): string {
  const message = "Weir's simulator was asked to fail here";
  return typedEvent({
    type: "error",
    error: { type: "server_error", code: "server_error", message, param: null },
  });
}
