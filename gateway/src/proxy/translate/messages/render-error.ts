import type { JsonObject } from "../../dialects/json-body.ts";
import type { AnswerContext, UpstreamError } from "../client-dialect.ts";

/** https://platform.claude.com/docs/en/api/errors */
const types: Readonly<Record<number, string>> = {
  400: "invalid_request_error",
  401: "authentication_error",
  402: "billing_error",
  403: "permission_error",
  404: "not_found_error",
  413: "request_too_large",
  429: "rate_limit_error",
  503: "overloaded_error",
  504: "timeout_error",
  529: "overloaded_error",
};

export function renderMessagesError(
  { status, message }: UpstreamError,
  context: AnswerContext,
): JsonObject & { type: string } {
  const type = types[status] ?? (status >= 500 ? "api_error" : "invalid_request_error");
  return { type: "error", error: { type, message }, request_id: context.callId };
}
