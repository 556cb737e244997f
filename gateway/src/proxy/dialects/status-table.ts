/**
 * The status with which each dialect's clients stop at once and show our message. A plain 429 or
 * a 5xx for a denial makes coding clients retry, hang or disable their key.
 */
import type { RefusalKind } from "../refusal.ts";

export const openAiChatStatus: Record<RefusalKind, number> = {
  unauthenticated: 401,
  invalid_request: 400,
  not_found: 404,
  too_large: 413,
  unsupported: 415,
  denied: 403,
  unavailable: 503,
  upstream_unreachable: 502,
  upstream_timeout: 504,
  internal: 500,
};

/** Claude Code takes 403 for a failed login; it shows a 402 clean and does not repeat it. */
export const anthropicStatus: Record<RefusalKind, number> = { ...openAiChatStatus, denied: 402 };

/** Headers that go with a refusal in every dialect. */
export function refusalHeaders(kind: RefusalKind): Record<string, string> {
  if (kind === "unavailable") return { "retry-after": "2" };
  // Both official SDKs obey it: a denial stays a denial however often it is repeated.
  if (kind === "denied") return { "x-should-retry": "false" };
  return {};
}

/** What the caller reads: SDKs show little but the message, so code and decision stand in it. */
export function refusalText(
  refusal: { message: string; code: string },
  ids: { decisionId: string },
): string {
  const decision = ids.decisionId === "" ? "" : `, decision ${ids.decisionId}`;
  return `${refusal.message} [${refusal.code}${decision}]`;
}
