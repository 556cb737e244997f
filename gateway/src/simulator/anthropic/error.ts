const types: Readonly<Record<number, string>> = {
  401: "authentication_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  529: "overloaded_error",
};

/** The Messages error body. `requestId` is what the `request-id` header starts with. */
export function messagesError(status: number, message: string, requestId: string): string {
  const type = types[status] ?? (status >= 500 ? "api_error" : "invalid_request_error");
  return JSON.stringify({ type: "error", error: { type, message }, request_id: requestId });
}

/** An error after the stream has begun. */
export function messagesErrorEvent(message: string): string {
  const data = { type: "error", error: { type: "overloaded_error", message } };
  return `event: error\ndata: ${JSON.stringify(data)}\n\n`;
}
