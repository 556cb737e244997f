import type { Refusal, RefusalKind } from "../../refusal.ts";
import type { RenderedRefusal } from "../dialect.ts";
import { openAiChatStatus, refusalHeaders, refusalText } from "../status-table.ts";

const types: Record<RefusalKind, string> = {
  unauthenticated: "authentication_error",
  invalid_request: "invalid_request_error",
  not_found: "invalid_request_error",
  too_large: "invalid_request_error",
  unsupported: "invalid_request_error",
  denied: "permission_error",
  unavailable: "server_error",
  upstream_unreachable: "server_error",
  upstream_timeout: "server_error",
  internal: "server_error",
};

function errorBody(refusal: Refusal, ids: { decisionId: string }): string {
  return JSON.stringify({
    error: {
      message: refusalText(refusal, ids),
      type: types[refusal.kind],
      param: null,
      code: refusal.code.toLowerCase(),
    },
  });
}

export function renderChatRefusal(
  refusal: Refusal,
  ids: { callId: string; decisionId: string },
): RenderedRefusal {
  return {
    status: openAiChatStatus[refusal.kind],
    headers: refusalHeaders(refusal.kind),
    body: errorBody(refusal, ids),
  };
}

export function renderChatStreamError(refusal: Refusal, ids: { decisionId: string }): string {
  return `data: ${errorBody(refusal, ids)}\n\n`;
}
