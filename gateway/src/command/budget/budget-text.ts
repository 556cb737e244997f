import type { Budget, BudgetRaise, BudgetUnit } from "../../contracts/budget.ts";

/** An amount with its unit. */
export function amountText(unit: BudgetUnit, amount: number): string {
  if (unit === "micro_usd") return `${(amount / 1_000_000).toFixed(2)} USD`;
  return `${amount} ${unit === "concurrency" ? "at a time" : unit}`;
}

/** What a budget limits, in a cell each. */
export function budgetCells(budget: Budget): string[] {
  const { id, scope, of, unit, limit, window, timeZone, enforcement, raises } = budget;
  const span = window === null ? "" : `a ${window}, ${timeZone}`;
  const raised = raises.map((raise) => raiseText(unit, raise)).join("; ");
  return [id, `${scope} ${of}`, amountText(unit, limit), span, enforcement, raised];
}

/** For example `+200.00 USD until 2026-12-01T00:00Z for ada`. */
export function raiseText(unit: BudgetUnit, { by, untilMs, of }: BudgetRaise): string {
  const until = `${new Date(untilMs).toISOString().slice(0, 16)}Z`;
  return `+${amountText(unit, by)} until ${until}${of === "" ? "" : ` for ${of}`}`;
}
