import type { Budget } from "../../contracts/budget.ts";
import { createBudgetDesk } from "../../control/budgets/desk.ts";
import { exitCodes, StartFault } from "../../supervisor/fault.ts";
import { type DataOwner, withControlStore } from "../open-control-store.ts";

/** The budgets of weir.yaml with the raises of the control store. */
export function budgetsInForce(owner: DataOwner): Promise<Budget[]> {
  const { config } = owner;
  return withControlStore(owner, ({ store, now }) => {
    const client = () => Promise.reject(new Error("the ledger is not asked"));
    return createBudgetDesk({ config, store, client, now }).inForce();
  });
}

/** @throws StartFault for an id that weir.yaml does not have. */
export function budgetOf(budgets: readonly Budget[], id: string): Budget {
  const budget = budgets.find((each) => each.id === id);
  if (budget !== undefined) return budget;
  throw new StartFault({
    code: "WEIR_BUDGET_NOT_FOUND",
    cause: `there is no budget '${id}' in weir.yaml`,
    remedy: `Known: ${budgets.map((each) => each.id).join(", ") || "none"}.`,
    exitCode: exitCodes.failed,
  });
}
