import type { ServerResponse } from "node:http";
import type { Dialect, RenderedAnswer } from "../dialects/dialect.ts";
import type { Refusal } from "../refusal.ts";

/** Answers with a refusal in the caller's dialect; returns the status, 0 if nobody is there. */
export function refuse(
  response: ServerResponse,
  dialect: Dialect,
  refusal: Refusal,
  ids: { callId: string; decisionId: string },
): number {
  if (response.destroyed) return 0;
  if (response.headersSent) {
    // Part of another answer is out: a cut is all that can be said.
    if (!response.writableFinished) response.destroy();
    return 0;
  }
  const { status, headers, body } = dialect.renderRefusal(refusal, ids);
  response.writeHead(status, {
    ...headers,
    ...callHeaders(ids),
    ...(refusal.challenge !== "" && { "www-authenticate": refusal.challenge }),
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

/** Answers a denial as the model would have answered; for clients that an error makes give up. */
export function denySoftly(
  response: ServerResponse,
  answer: RenderedAnswer,
  ids: { callId: string; decisionId: string },
): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(200, {
    ...callHeaders(ids),
    "x-request-id": ids.callId,
    "content-type": answer.contentType,
    "content-length": Buffer.byteLength(answer.body),
  });
  response.end(answer.body);
}
