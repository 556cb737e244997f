import type { Leases } from "../../budget/leases.ts";
import type { Budget } from "../../contracts/budget.ts";
import type { BudgetCharge } from "./budget-book.ts";
import { rateLimitFields } from "./rate-limit-fields.ts";

/** What a call has really used. Null = not known: then all that was reserved counts as used. */
export interface Used {
  readonly requests: number;
  readonly tokens: number | null;
  readonly microUsd: number | null;
}

export const usedNothing: Used = { requests: 0, tokens: 0, microUsd: 0 };

/** What a call has reserved of its budgets, until it is settled: exactly once. */
export class Reservation {
  readonly charges: readonly BudgetCharge[];
  /** Soft budgets that this call is the first to exceed. */
  readonly warned: readonly Budget[];
  readonly #leases: Leases;
  #isSettled = false;

  constructor(leases: Leases, charges: readonly BudgetCharge[], warned: readonly Budget[] = []) {
    this.#leases = leases;
    this.charges = charges;
    this.warned = warned;
  }

  /** Headers for the answer: what limits apply and how much is left. */
  headers(nowMs: number): Record<string, string> {
    if (this.charges.length === 0) return {};
    const standings = this.charges.map((charge) => ({
      charge,
      total: this.#leases.knownTotal(charge.key) ?? charge.amount,
    }));
    const warning = this.warned.map(({ id }) => id).join(", ");
    return {
      ...rateLimitFields(standings, nowMs),
      ...(warning === "" ? {} : { "x-weir-budget-warning": warning }),
    };
  }

  /** A second time changes nothing. */
  settle(used: Used): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    for (const charge of this.charges) {
      this.#leases.settle(charge.key, charge.amount, usedOf(charge, used));
    }
  }
}

function usedOf({ budget: { unit }, amount }: BudgetCharge, used: Used): number {
  switch (unit) {
    case "concurrency":
      return 0;
    case "requests":
      return Math.min(amount, used.requests);
    case "tokens":
      return used.tokens ?? amount;
    default:
      return used.microUsd ?? amount;
  }
}
