import type { RefusalKind } from "../../refusal-table.ts";
import type { Refusal } from "../../refusal.ts";
import type { CallIds, RenderedRefusal } from "../dialect.ts";
import { openAiStatus, refusalHeaders, refusalText, type StatusTable } from "../status-table.ts";

const types: Record<RefusalKind, string> = {
  unauthenticated: "authentication_error",
  invalid_request: "invalid_request_error",
  not_found: "invalid_request_error",
  too_large: "invalid_request_error",
  unsupported: "invalid_request_error",
  denied: "permission_error",
  upgrade_required: "invalid_request_error",
  rate_limited: "rate_limit_error",
  unavailable: "server_error",
  upstream_unreachable: "server_error",
  upstream_timeout: "server_error",
  internal: "server_error",
};

function errorBody(refusal: Refusal, ids: Pick<CallIds, "decisionId">): string {
  return JSON.stringify({
    error: {
      message: refusalText(refusal, ids),
      type: types[refusal.kind],
      param: null,
      code: refusal.code.toLowerCase(),
    },
  });
}

export function renderOpenAiRefusal(
  refusal: Refusal,
  ids: CallIds,
  status: StatusTable = openAiStatus,
): RenderedRefusal {
  return {
    status: status[refusal.kind],
    headers: refusalHeaders(refusal),
    body: errorBody(refusal, ids),
  };
}

export function renderOpenAiStreamError(
  refusal: Refusal,
  ids: Pick<CallIds, "decisionId">,
): string {
  return `data: ${errorBody(refusal, ids)}\n\n`;
}
