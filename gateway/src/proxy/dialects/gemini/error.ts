import type { RefusalKind } from "../../refusal-table.ts";
import type { Refusal } from "../../refusal.ts";
import type { CallIds, RenderedRefusal, ResponseFacts } from "../dialect.ts";
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

/** What ends a stream of events that has begun. */
export function renderGeminiStreamError(refusal: Refusal, ids: Ids): string {
  return `data: ${lastChunk(refusal, ids)}\r\n\r\n`;
}

/** The same for a stream that is one array: its last element, and the bracket that closes it. */
export function renderGeminiArrayError(
  refusal: Refusal,
  ids: Ids,
  soFar?: Pick<ResponseFacts, "responseId" | "modelUsed">,
): string {
  // Every element names its answer, so that one without a name has not got to its first.
  const hasElements = soFar !== undefined && `${soFar.responseId}${soFar.modelUsed}` !== "";
  return `${hasElements ? "\n,\r\n" : "["}${lastChunk(refusal, ids)}\n]\n`;
}

/** Gemini CLI overlooks an error in a stream and repeats the call, so a denial is the model's last words. */
function lastChunk(refusal: Refusal, ids: Ids): string {
  return refusal.kind === "denied" ? lastWords(refusalText(refusal, ids)) : errorBody(refusal, ids);
}

function lastWords(text: string): string {
  const content = { parts: [{ text }], role: "model" };
  return JSON.stringify({ candidates: [{ content, finishReason: "STOP", index: 0 }] });
}
