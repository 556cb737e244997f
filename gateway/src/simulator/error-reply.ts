import { framing, type Reply, wholeReply } from "./reply.ts";
import { noTokens } from "./token-sum.ts";
import type { Format } from "./wire.ts";

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
  wire: Format,
  status: number,
  message: string,
  details: ErrorDetails,
): Reply {
  const { param, digest, code, retryAfterSeconds = 1 } = details;
  const step = framing(wire.error(status, message, param, `req_${digest}`, code));
  const waits = status === 429 || status === 503;
  const headers = waits ? { "retry-after": String(retryAfterSeconds) } : {};
  return wholeReply(step, noTokens, { status, headers });
}
