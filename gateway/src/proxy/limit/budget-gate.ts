import type { Charge, Standing } from "../../budget/protocol.ts";
import type { Leases, Outcome } from "../../budget/leases.ts";
import type { Budget } from "../../contracts/budget.ts";
import { Refusal } from "../refusal.ts";
import type { Amounts, BudgetBook, BudgetCharge, CountedCall } from "./budget-book.ts";
import { budgetRefusal, unpricedRefusal } from "./refuse-budget.ts";
import { Reservation } from "./reservation.ts";

/**
 * What other workers hold and do not need comes back within their next tick: a call that meets the
 * limit for that alone is worth this wait.
 */
const WAIT_FOR_OTHERS_MS = [40, 80, 160];

export interface BudgetGateOptions {
  readonly leases: Leases;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly onWarning?: (budget: Budget) => void;
  readonly onRefusal?: (budget: Budget) => void;
}

/** Reserves for a call all that its budgets ask for, or refuses it. */
export class BudgetGate {
  readonly #options: BudgetGateOptions;

  constructor(options: BudgetGateOptions) {
    this.#options = options;
  }

  /**
   * Decides in this process where it can, and only then without a promise.
   *
   * @throws Refusal WEIR_BUDGET_SPENT, WEIR_RATE_LIMITED, WEIR_BUDGET_UNPRICED, WEIR_BUDGET_UNAVAILABLE
   */
  reserve(
    book: BudgetBook,
    call: CountedCall,
    amounts: Amounts,
  ): Reservation | Promise<Reservation> {
    const { leases, now, onRefusal } = this.#options;
    const charges = book.chargesOf(call, amounts, now());
    if ("unpricedUnder" in charges) {
      onRefusal?.(charges.unpricedUnder);
      throw unpricedRefusal(charges.unpricedUnder, call.model);
    }
    if (charges.length === 0 || leases.tryReserve(charges)) return new Reservation(leases, charges);
    return this.#ask(charges);
  }

  async #ask(charges: readonly BudgetCharge[]): Promise<Reservation> {
    const { leases, sleep, onWarning } = this.#options;
    for (let retry = 0; ; retry += 1) {
      const outcome = await this.#reserve(charges);
      if (outcome.granted) {
        const warned = budgetsOf(outcome.warn, charges);
        for (const budget of warned) onWarning?.(budget);
        return new Reservation(leases, charges, warned);
      }
      const waitMs = WAIT_FOR_OTHERS_MS[retry];
      const { charge, standing } = outcome;
      // In a budget that is spent nothing comes free.
      const isHopeless = standing.spent >= charge.limit;
      if (waitMs === undefined || isHopeless) throw this.#refusal(charge, standing, charges);
      await sleep(waitMs);
    }
  }

  async #reserve(charges: readonly BudgetCharge[]): Promise<Outcome> {
    try {
      return await this.#options.leases.reserve(charges);
    } catch (cause) {
      throw new Refusal("WEIR_BUDGET_UNAVAILABLE", { cause });
    }
  }

  #refusal(refused: Charge, standing: Standing, charges: readonly BudgetCharge[]): Refusal {
    const charge = charges.find(({ key }) => key === refused.key);
    if (charge === undefined) return new Refusal("WEIR_BUDGET_UNAVAILABLE");
    this.#options.onRefusal?.(charge.budget);
    return budgetRefusal(charge, standing, this.#options.now());
  }
}

function budgetsOf(warn: readonly Charge[], charges: readonly BudgetCharge[]): Budget[] {
  const keys = new Set(warn.map(({ key }) => key));
  return charges.filter(({ key }) => keys.has(key)).map(({ budget }) => budget);
}
