import type { Config } from "../../config/schema.ts";
import type { Budget, BudgetRaise } from "../../contracts/budget.ts";

/** The budgets of weir.yaml as proxies enforce them, with the raises that somebody has given. */
export function configuredBudgets(
  { budgets }: Pick<Config, "budgets">,
  raises: ReadonlyMap<string, readonly BudgetRaise[]> = new Map(),
): Budget[] {
  return budgets.map((budget) => ({
    id: budget.id,
    scope: budget.by,
    of: budget.of,
    unit: budget.unit === "usd" ? "micro_usd" : budget.unit,
    limit: inUnit(budget.unit, budget.limit),
    window: budget.window ?? null,
    timeZone: budget.timeZone,
    enforcement: budget.enforcement,
    lastCall: budget.lastCall,
    unpriced: budget.unpriced ?? (budget.enforcement === "hard" ? "refuse" : "allow"),
    contact: budget.contact,
    raises: [...(raises.get(budget.id) ?? [])],
  }));
}

/** Money is counted in millionths of a dollar, everything else as it is written. */
export function inUnit(unit: Config["budgets"][number]["unit"], amount: number): number {
  return Math.round(unit === "usd" ? amount * 1_000_000 : amount);
}
