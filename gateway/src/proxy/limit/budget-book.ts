/** The budgets in force, made ready for the hot path: which of them a call falls under. */
import { counterKey, limitAt } from "../../budget/counter.ts";
import type { Charge } from "../../budget/protocol.ts";
import { CurrentWindow } from "../../budget/window.ts";
import type { Budget, BudgetScope } from "../../contracts/budget.ts";
import { matchesPattern } from "../../contracts/pattern.ts";
import type { Principal } from "../../contracts/principal.ts";

/** Whose call it is, and what it asks for. */
export interface CountedCall {
  readonly principal: Principal;
  readonly model: string;
  /** As the client says. */
  readonly sessionId: string;
  readonly runId: string;
}

/** What a call could use up at most. */
export interface Amounts {
  readonly requests: number;
  readonly tokens: number;
  /** Null for a model without a price. */
  readonly micro_usd: number | null;
  readonly concurrency: number;
}

export interface BudgetCharge extends Charge {
  readonly budget: Budget;
  /** Unix milliseconds at which the window begins anew; null for concurrency. */
  readonly resetsAtMs: number | null;
  readonly windowSeconds: number | null;
}

/** The call cannot be priced, and the budget lets no such call through. */
export interface Unpriced {
  readonly unpricedUnder: Budget;
}

/** A counter of calls under way has no end; an idle one is forgotten after so long. */
const CONCURRENCY_KEPT_MS = 3_600_000;

interface Entry {
  readonly budget: Budget;
  readonly window: CurrentWindow | null;
  readonly matchesAll: boolean;
}

export class BudgetBook {
  readonly #entries: readonly Entry[];

  constructor(budgets: readonly Budget[]) {
    this.#entries = budgets.map((budget) => ({
      budget,
      window: budget.window === null ? null : new CurrentWindow(budget.window, budget.timeZone),
      matchesAll: budget.of === "*",
    }));
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** What a call is charged for, budget by budget. Amounts of 0 are left out. */
  chargesOf(call: CountedCall, amounts: Amounts, nowMs: number): BudgetCharge[] | Unpriced {
    const charges: BudgetCharge[] = [];
    for (const { budget, window, matchesAll } of this.#entries) {
      const value = valueOf(budget.scope, call);
      if (value === "") continue;
      if (!matchesAll && !matchesPattern(budget.of, matchedOf(budget.scope, call, value))) continue;
      const amount = amounts[budget.unit];
      if (amount === null) {
        if (budget.unpriced === "refuse") return { unpricedUnder: budget };
        continue;
      }
      if (amount === 0) continue;
      const span = window?.at(nowMs) ?? null;
      charges.push({
        budget,
        key: counterKey(budget.id, span?.startMs ?? 0, value),
        amount,
        limit: limitAt(budget, value, nowMs),
        expiresAtMs: span?.endMs ?? nowMs + CONCURRENCY_KEPT_MS,
        mustFit: budget.lastCall === "must_fit",
        soft: budget.enforcement === "soft",
        resetsAtMs: span?.endMs ?? null,
        windowSeconds: span === null ? null : Math.round((span.endMs - span.startMs) / 1000),
      });
    }
    return charges;
  }
}

function personOf({ onBehalfOf, id }: Principal): string {
  return onBehalfOf ?? id;
}

/** Whose counter it is; empty = the budget does not concern this call. */
function valueOf(scope: BudgetScope, { principal, model, sessionId, runId }: CountedCall): string {
  switch (scope) {
    case "person":
      return personOf(principal);
    case "team":
      return principal.teamId;
    case "cost_center":
      return principal.costCenter;
    case "agent":
      return principal.agentId ?? "";
    case "key":
      return principal.keyId;
    case "model":
      return model;
    // Calls that name no session are one session: leaving the name out is no way round the limit.
    case "session":
      return `${personOf(principal)}\t${sessionId}`;
    default:
      return `${personOf(principal)}\t${runId}`;
  }
}

function matchedOf(scope: BudgetScope, { principal }: CountedCall, value: string): string {
  return scope === "session" || scope === "run" ? personOf(principal) : value;
}
