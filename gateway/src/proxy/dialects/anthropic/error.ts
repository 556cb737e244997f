import type { RefusalKind } from "../../refusal-table.ts";
import type { Refusal } from "../../refusal.ts";
import type { RenderedRefusal } from "../dialect.ts";
import { anthropicStatus, refusalHeaders, refusalText } from "../status-table.ts";

/** Error types of https://platform.claude.com/docs/en/api/errors */
const types: Record<RefusalKind, string> = {
  unauthenticated: "authentication_error",
  invalid_request: "invalid_request_error",
  not_found: "not_found_error",
  too_large: "request_too_large",
  unsupported: "invalid_request_error",
  // Sent with 402, for which the official clients know this type.
  denied: "invalid_request_error",
  upgrade_required: "invalid_request_error",
  rate_limited: "rate_limit_error",
  unavailable: "overloaded_error",
  upstream_unreachable: "api_error",
  upstream_timeout: "api_error",
  internal: "api_error",
};

function errorBody(refusal: Refusal, ids: { callId: string; decisionId: string }): string {
  return JSON.stringify({
    type: "error",
    error: { type: types[refusal.kind], message: refusalText(refusal, ids) },
    request_id: ids.callId,
  });
}

export function renderMessagesRefusal(
  refusal: Refusal,
  ids: { callId: string; decisionId: string },
): RenderedRefusal {
  return {
    status: anthropicStatus[refusal.kind],
    headers: { ...refusalHeaders(refusal), "request-id": ids.callId },
    body: errorBody(refusal, ids),
  };
}

export function renderMessagesStreamError(
  refusal: Refusal,
  ids: { callId: string; decisionId: string },
): string {
  return `event: error\ndata: ${errorBody(refusal, ids)}\n\n`;
}
