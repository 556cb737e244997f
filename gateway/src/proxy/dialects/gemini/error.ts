import type { Refusal, RefusalKind } from "../../refusal.ts";
import type { CallIds, RenderedRefusal } from "../dialect.ts";
import { geminiStatus, refusalHeaders, refusalText } from "../status-table.ts";

/** Canonical names of google.rpc.Code: https://ai.google.dev/gemini-api/docs/troubleshooting */
const statusNames: Record<RefusalKind, string> = {
  unauthenticated: "UNAUTHENTICATED",
  invalid_request: "INVALID_ARGUMENT",
  not_found: "NOT_FOUND",
  too_large: "INVALID_ARGUMENT",
  unsupported: "INVALID_ARGUMENT",
  denied: "PERMISSION_DENIED",
  upgrade_required: "FAILED_PRECONDITION",
  rate_limited: "RESOURCE_EXHAUSTED",
  unavailable: "UNAVAILABLE",
  upstream_unreachable: "UNAVAILABLE",
  upstream_timeout: "DEADLINE_EXCEEDED",
  internal: "INTERNAL",
};

type Ids = Pick<CallIds, "decisionId">;

function errorBody(refusal: Refusal, ids: Ids): string {
  return JSON.stringify({
    error: {
      code: geminiStatus[refusal.kind],
      message: refusalText(refusal, ids),
      status: statusNames[refusal.kind],
    },
  });
}

export function renderGeminiRefusal(refusal: Refusal, ids: Ids): RenderedRefusal {
  return {
    status: geminiStatus[refusal.kind],
    headers: refusalHeaders(refusal),
    body: errorBody(refusal, ids),
  };
}

/**
 * What ends a stream that has begun. Gemini CLI overlooks an error there and repeats the call, so a
 * denial is told as the model's last words.
 */
export function renderGeminiStreamError(refusal: Refusal, ids: Ids): string {
  const chunk =
    refusal.kind === "denied" ? lastWords(refusalText(refusal, ids)) : errorBody(refusal, ids);
  return `data: ${chunk}\r\n\r\n`;
}

function lastWords(text: string): string {
  const content = { parts: [{ text }], role: "model" };
  return JSON.stringify({ candidates: [{ content, finishReason: "STOP", index: 0 }] });
}
