import { framing, jsonContentType, type Reply } from "./reply.ts";
import { noTokens } from "./token-sum.ts";
import type { Wire } from "./wire.ts";

/** An error reply. 429 and 503 tell the client to come back in a second. */
export function errorReply(
  wire: Wire,
  status: number,
  message: string,
  details: { readonly param: string | null; readonly digest: string },
): Reply {
  return {
    status,
    headers: status === 429 || status === 503 ? { "retry-after": "1" } : {},
    contentType: jsonContentType,
    steps: [framing(wire.error(status, message, details.param, `req_${details.digest}`))],
    errorEvent: null,
    billedInput: noTokens,
    toolCalls: 0,
  };
}
