import { framing, jsonContentType, type Reply } from "./reply.ts";
import { noTokens } from "./token-sum.ts";
import type { Wire } from "./wire.ts";

export interface ErrorDetails {
  /** The offending member of the body. */
  readonly param: string | null;
  readonly digest: string;
  readonly code?: string | undefined;
  /** For 429 and 503, which tell the client when to come back; default 1. */
  readonly retryAfterSeconds?: number;
}

/** An error reply. */
export function errorReply(
  wire: Wire,
  status: number,
  message: string,
  details: ErrorDetails,
): Reply {
  const { param, digest, code, retryAfterSeconds = 1 } = details;
  return {
    status,
    headers: status === 429 || status === 503 ? { "retry-after": String(retryAfterSeconds) } : {},
    contentType: jsonContentType,
    steps: [framing(wire.error(status, message, param, `req_${digest}`, code))],
    errorEvent: null,
    billedInput: noTokens,
    toolCalls: 0,
  };
}
