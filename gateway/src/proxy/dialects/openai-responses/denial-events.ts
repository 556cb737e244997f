/**
 * How a denial looks inside a stream or socket of Responses. Codex stops at once, and shows the
 * message clean, only for `response.created` followed by `response.failed` with this one code;
 * any other code, and any other event, makes it try again up to six times.
 */
import type { RefusalKind } from "../../refusal-table.ts";
import type { Refusal } from "../../refusal.ts";
import type { CallIds } from "../dialect.ts";
import type { JsonObject } from "../json-body.ts";
import { refusalText } from "../status-table.ts";

/** An event of a response, in a stream or as a WebSocket message. */
export interface ResponseEvent extends JsonObject {
  type: string;
}

const STOP = "invalid_prompt";

/** Codes of `response.error` in the API; what may pass of itself keeps a code that is repeated. */
const codes: Record<RefusalKind, string> = {
  unauthenticated: STOP,
  invalid_request: STOP,
  not_found: STOP,
  too_large: STOP,
  unsupported: STOP,
  denied: STOP,
  upgrade_required: STOP,
  rate_limited: "rate_limit_exceeded",
  unavailable: "server_error",
  upstream_unreachable: "server_error",
  upstream_timeout: "server_error",
  internal: "server_error",
};

/** A response that has begun: what ends it must go by the same id. */
export interface BegunResponse {
  readonly responseId: string;
  readonly modelUsed: string;
  /** Of the first event to come, for clients that number them. */
  readonly sequenceNumber?: number;
}

/**
 * The events that end a response with a refusal, in order.
 * @param begun - the response that is broken off; without one, or without its id, a response of
 *   our own is begun just to fail.
 */
export function refusalEvents(
  refusal: Refusal,
  ids: CallIds,
  begun?: BegunResponse,
): ResponseEvent[] {
  const first = begun?.sequenceNumber ?? 0;
  const error = { code: codes[refusal.kind], message: refusalText(refusal, ids) };
  if (begun !== undefined && begun.responseId !== "") {
    const response = emptyResponse(begun.responseId, begun.modelUsed);
    return [failed(response, error, first)];
  }
  const response = emptyResponse(`resp_${ids.callId}`, begun?.modelUsed ?? "");
  return [
    { type: "response.created", sequence_number: first, response },
    failed(response, error, first + 1),
  ];
}

function failed(response: JsonObject, error: JsonObject, sequenceNumber: number): ResponseEvent {
  return {
    type: "response.failed",
    sequence_number: sequenceNumber,
    response: { ...response, status: "failed", error },
  };
}

/** A response without output, with every member that strict clients look for. */
export function emptyResponse(id: string, model: string): JsonObject {
  return {
    id,
    object: "response",
    created_at: 0,
    status: "in_progress",
    error: null,
    incomplete_details: null,
    instructions: null,
    max_output_tokens: null,
    model,
    output: [],
    parallel_tool_calls: true,
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    store: false,
    temperature: null,
    text: { format: { type: "text" } },
    tool_choice: "auto",
    tools: [],
    top_p: null,
    truncation: "disabled",
    usage: null,
    metadata: {},
  };
}

/** Server-sent events, each with its type as the event's name. */
export function renderEvents(events: readonly ResponseEvent[]): string {
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
}
