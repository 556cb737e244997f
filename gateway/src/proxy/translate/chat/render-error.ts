import type { JsonObject } from "../../dialects/json-body.ts";
import type { UpstreamError } from "../client-dialect.ts";

const types: Readonly<Record<number, string>> = {
  401: "authentication_error",
  402: "insufficient_quota",
  403: "permission_error",
  429: "rate_limit_error",
};

/** Anthropic's 529 is a 503 to everyone else. */
export function chatErrorStatus(status: number): number {
  return status === 529 ? 503 : status;
}

export function renderChatError({ status, message }: UpstreamError): JsonObject {
  const type = types[status] ?? (status >= 500 ? "server_error" : "invalid_request_error");
  return { error: { message, type, param: null, code: null } };
}
