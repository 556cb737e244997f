const types: Readonly<Record<number, readonly [type: string, code: string | null]>> = {
  400: ["invalid_request_error", null],
  401: ["authentication_error", "invalid_api_key"],
  403: ["permission_error", null],
  404: ["invalid_request_error", "not_found"],
  413: ["invalid_request_error", "request_too_large"],
  429: ["requests", "rate_limit_exceeded"],
};

/** The chat dialect's error body. `param` names the offending member, null for none. */
export function chatError(
  status: number,
  message: string,
  param: string | null,
  overridingCode?: string,
): string {
  const fallback = status >= 500 ? "server_error" : "invalid_request_error";
  const [type, code] = types[status] ?? [fallback, null];
  return JSON.stringify({ error: { message, type, param, code: overridingCode ?? code } });
}

/** An error after the stream has begun: a frame of its own, then the connection ends. */
export function chatErrorEvent(message: string): string {
  return `data: ${chatError(500, message, null)}\n\n`;
}
