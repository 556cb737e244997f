/**
 * The status with which each dialect's clients stop at once and show our message: the one table.
 * A plain 429 or a 5xx for a denial makes coding clients retry, hang or disable their key; what
 * suits one of them another repeats six times, so a denial has its own status in each dialect.
 */
import type { RefusalKind } from "../refusal-table.ts";
import type { Refusal } from "../refusal.ts";

export type StatusTable = Readonly<Record<RefusalKind, number>>;

const common: StatusTable = {
  unauthenticated: 401,
  invalid_request: 400,
  not_found: 404,
  too_large: 413,
  unsupported: 415,
  denied: 403,
  upgrade_required: 426,
  rate_limited: 429,
  unavailable: 503,
  upstream_unreachable: 502,
  upstream_timeout: 504,
  internal: 500,
};

/** opencode, the OpenAI and Google SDKs and LangChain show a 403 and do not repeat it. */
export const openAiStatus: StatusTable = common;

/** Gemini CLI shows a 403; any 429 would make it hang. */
export const geminiStatus: StatusTable = common;

/** Codex repeats 402 and 403 six times and shows a 400 at once. */
export const responsesStatus: StatusTable = { ...common, denied: 400 };

/** Claude Code takes 403 for a failed login; it shows a 402 clean and does not repeat it. */
export const anthropicStatus: StatusTable = { ...common, denied: 402 };

/** The longest that a client is told to wait: some obey any value, and hang. */
const MAX_RETRY_AFTER_SECONDS = 60;

/** Headers that go with a refusal in every dialect. */
export function refusalHeaders(refusal: Refusal): Record<string, string> {
  const wanted = Math.max(1, Math.ceil(refusal.retryAfterSeconds ?? 2));
  const seconds = Math.min(MAX_RETRY_AFTER_SECONDS, wanted);
  switch (refusal.kind) {
    case "unavailable":
      return { "retry-after": String(seconds) };
    case "rate_limited":
      return { "retry-after": String(seconds), ...rateLimitHeaders(refusal, seconds) };
    case "denied":
      // Both official SDKs obey it: a denial stays a denial however often it is repeated.
      return { "x-should-retry": "false", ...rateLimitHeaders(refusal, seconds) };
    default:
      return {};
  }
}

/** draft-ietf-httpapi-ratelimit-headers-11: structured fields, one policy. */
function rateLimitHeaders({ limit }: Refusal, seconds: number): Record<string, string> {
  if (limit === undefined) return {};
  const policy = `"${limit.name}";q=${limit.quota}`;
  const window = limit.windowSeconds === undefined ? "" : `;w=${limit.windowSeconds}`;
  return {
    "ratelimit-policy": `${policy}${window}`,
    ratelimit: `"${limit.name}";r=${limit.remaining ?? 0};t=${limit.resetSeconds ?? seconds}`,
  };
}

/** What the caller reads: SDKs show little but the message, so code and decision stand in it. */
export function refusalText(
  refusal: { message: string; code: string },
  ids: { decisionId: string },
): string {
  const decision = ids.decisionId === "" ? "" : `, decision ${ids.decisionId}`;
  return `${refusal.message} [${refusal.code}${decision}]`;
}
