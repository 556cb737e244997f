import { type Command, InvalidArgumentError } from "commander";
import type { ConfigFlags } from "../config/overrides.ts";
import { addDataOptions } from "./config-options.ts";
import type { Host } from "./host.ts";

export interface BudgetFlags extends ConfigFlags {
  readonly json?: boolean;
}

export interface RaiseFlags extends BudgetFlags {
  readonly by: number;
  readonly until: string;
  readonly for?: string;
  readonly reason?: string;
}

const raiseHelp = `
Until:
  12h, 3d, 2w      so long from now
  2026-12-01       the beginning of that day in the budget's time zone
  2026-12-01T18:00:00Z

Examples:
  weir budget raise blue-month --by 200 --until 2026-12-01 --reason "release week"
  weir budget raise each-day --by 5 --until 12h --for ada`;

export function addBudgetCommand(program: Command, host: Host): void {
  const budget = program.command("budget").description("List budgets and limits, and raise them");
  addDataOptions(budget.command("list"))
    .description("List the budgets of weir.yaml, with the raises that hold now")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExample:\n  weir budget list")
    .action(async (flags: BudgetFlags) => {
      const { listBudgets } = await import("./budget/list.ts");
      await listBudgets(flags, host);
    });
  addDataOptions(budget.command("show"))
    .description("Show a budget, its raises, and what cost centres or models have used of it")
    .argument("<id>", "as weir.yaml names it")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExample:\n  weir budget show blue-month")
    .action(async (id: string, flags: BudgetFlags) => {
      const { showBudget } = await import("./budget/show.ts");
      await showBudget(id, flags, host);
    });
  addDataOptions(budget.command("raise"))
    .description("Raise a budget until a moment; in force on running proxies within a second")
    .argument("<id>", "as weir.yaml names it")
    .requiredOption("--by <amount>", "in its unit, dollars for usd", parseAmount)
    .requiredOption("--until <when>", "how long it holds")
    .option("--for <value>", "only for this person, team, model …")
    .option("--reason <text>", "why; it stands in the audit log")
    .option("--json", "print JSON")
    .addHelpText("after", raiseHelp)
    .action(async (id: string, flags: RaiseFlags) => {
      const { raise } = await import("./budget/raise.ts");
      await raise(id, flags, host);
    });
}

function parseAmount(text: string): number {
  const amount = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && amount > 0) return amount;
  throw new InvalidArgumentError("It must be a number above 0.");
}
