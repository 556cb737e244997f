import { loadFor } from "../config-options.ts";
import type { BudgetFlags } from "../budget-command.ts";
import type { Host } from "../host.ts";
import { tableText } from "../prices/table-text.ts";
import { budgetCells } from "./budget-text.ts";
import { budgetsInForce } from "./in-force.ts";

/** Prints the budgets with the raises that hold now. */
export async function listBudgets(flags: BudgetFlags, host: Host): Promise<void> {
  const budgets = await budgetsInForce({ config: loadFor(host, flags, false), env: host.env });
  if (flags.json === true) {
    host.stdout.write(`${JSON.stringify(budgets)}\n`);
    return;
  }
  if (budgets.length === 0) {
    host.stdout.write("no budgets: add some under `budgets` in weir.yaml, see docs/budgets.md\n");
    return;
  }
  const head = ["BUDGET", "COUNTS", "LIMIT", "WINDOW", "", "RAISES"];
  host.stdout.write(
    tableText(
      [head, ...budgets.map(budgetCells)],
      head.map(() => false),
    ),
  );
}
