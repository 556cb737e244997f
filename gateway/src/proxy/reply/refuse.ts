import type { ServerResponse } from "node:http";
import type { Dialect } from "../dialects/dialect.ts";
import type { Refusal } from "../refusal.ts";

/** Answers with a refusal in the caller's dialect; returns the status, 0 if nobody is there. */
export function refuse(
  response: ServerResponse,
  dialect: Dialect,
  refusal: Refusal,
  ids: { callId: string; decisionId: string },
): number {
  if (response.destroyed || response.headersSent) return 0;
  const { status, headers, body } = dialect.renderRefusal(refusal, ids);
  response.writeHead(status, {
    ...headers,
    ...callHeaders(ids),
    "x-request-id": ids.callId,
    "content-type": "application/json",
    "content-length": Buffer.byteLength(body),
  });
  response.end(body);
  return status;
}

/** The headers by which a call is found again in the record. */
export function callHeaders(ids: { callId: string; decisionId: string }): Record<string, string> {
  const headers: Record<string, string> = { "x-weir-call-id": ids.callId };
  if (ids.decisionId !== "") headers["x-weir-decision-id"] = ids.decisionId;
  return headers;
}
