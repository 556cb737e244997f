import { Value } from "typebox/value";
import { type BudgetReport, BudgetReports } from "../../contracts/api/budgets.ts";
import { findRunning } from "../../supervisor/running.ts";
import type { BudgetFlags } from "../budget-command.ts";
import { loadFor } from "../config-options.ts";
import type { Host } from "../host.ts";
import { tableText } from "../prices/table-text.ts";
import type { DataOwner } from "../open-control-store.ts";
import { withRunningControl } from "../running-control.ts";
import { amountText, budgetCells } from "./budget-text.ts";
import { budgetOf, budgetsInForce } from "./in-force.ts";

/** Prints a budget; while Weir runs also what has been used of it, where that names no person. */
export async function showBudget(id: string, flags: BudgetFlags, host: Host): Promise<void> {
  const owner = { config: loadFor(host, flags, false), env: host.env };
  const budget = budgetOf(await budgetsInForce(owner), id);
  const standings = await standingsOf(owner, id);
  if (flags.json === true) {
    host.stdout.write(`${JSON.stringify({ budget, standings })}\n`);
    return;
  }
  const head = ["BUDGET", "COUNTS", "LIMIT", "WINDOW", "", "RAISES"];
  host.stdout.write(
    tableText(
      [head, budgetCells(budget)],
      head.map(() => false),
    ),
  );
  if (standings === null) return;
  const rows = standings.map(({ value, spent, limit }) => [
    value,
    amountText(budget.unit, spent),
    `of ${amountText(budget.unit, limit)}`,
  ]);
  host.stdout.write(
    rows.length === 0 ? "\nnothing used yet\n" : `\n${tableText(rows, [false, true, false])}`,
  );
}

async function standingsOf(owner: DataOwner, id: string): Promise<BudgetReport["standings"]> {
  const running = await findRunning(owner.config.dataDir);
  if (running === null) return null;
  return withRunningControl(owner, running, async (ask) => {
    const answer: unknown = await (await ask("/api/budgets")).json();
    const { budgets } = Value.Parse(BudgetReports, answer);
    return budgets.find(({ budget }) => budget.id === id)?.standings ?? null;
  });
}
