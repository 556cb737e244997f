import type { Budget } from "../contracts/budget.ts";

/** Names one counter: a budget, one of its windows, and whose it is. Sorts by budget. */
export function counterKey(budgetId: string, windowStartMs: number, value: string): string {
  return `${budgetId}|${windowStartMs}|${value}`;
}

/** The limit at a moment, with the raises that hold then. */
export function limitAt({ limit, raises }: Budget, value: string, nowMs: number): number {
  let raised = limit;
  for (const { by, untilMs, of } of raises) {
    if (untilMs > nowMs && (of === "" || of === value)) raised += by;
  }
  return raised;
}
