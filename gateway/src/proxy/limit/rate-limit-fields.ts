import type { BudgetCharge } from "./budget-book.ts";

/** Standing of one limit as a call sees it. */
export interface LimitStanding {
  readonly charge: BudgetCharge;
  /** Spent and reserved by all. */
  readonly total: number;
}

const unitNames = {
  requests: "requests",
  tokens: "tokens",
  micro_usd: "micro-usd",
  concurrency: "concurrent-requests",
} as const;

/** Scopes whose counters count one caller. */
const isOfOne = new Set<BudgetCharge["budget"]["scope"]>(["person", "key", "session", "run"]);

/**
 * draft-ietf-httpapi-ratelimit-headers-11: a policy for each limit, and how much is left of those
 * that count the caller alone: of others it would tell what colleagues use. Ids are of a form that
 * needs no escaping in a structured field.
 */
export function rateLimitFields(
  standings: readonly LimitStanding[],
  nowMs: number,
): Record<string, string> {
  let policies = "";
  let fields = "";
  for (const { charge, total } of standings) {
    const { budget, limit, resetsAtMs, windowSeconds } = charge;
    const separator = policies === "" ? "" : ", ";
    const unit = budget.unit === "requests" ? "" : `;qu="${unitNames[budget.unit]}"`;
    const window = windowSeconds === null ? "" : `;w=${windowSeconds}`;
    policies += `${separator}"${budget.id}";q=${limit}${unit}${window}`;
    const reset = resetsAtMs === null ? "" : `;t=${secondsUntil(resetsAtMs, nowMs)}`;
    if (!isOfOne.has(budget.scope)) continue;
    const next = fields === "" ? "" : ", ";
    fields += `${next}"${budget.id}";r=${Math.max(0, limit - total)}${reset}`;
  }
  return { "ratelimit-policy": policies, ...(fields === "" ? {} : { ratelimit: fields }) };
}

/** Whole seconds, at least one. */
export function secondsUntil(atMs: number, nowMs: number): number {
  return Math.max(1, Math.ceil((atMs - nowMs) / 1000));
}
