import { raiseBudget } from "../../control/budgets/raise.ts";
import type { RaiseFlags } from "../budget-command.ts";
import { loadFor } from "../config-options.ts";
import type { Host } from "../host.ts";
import { withControlStore } from "../open-control-store.ts";
import { amountText } from "./budget-text.ts";
import { parseUntil } from "./parse-until.ts";

/** Raises a budget, whether or not its Weir is running. */
export async function raise(id: string, flags: RaiseFlags, host: Host): Promise<void> {
  const config = loadFor(host, flags, false);
  const setting = config.budgets.find((budget) => budget.id === id);
  const record = await withControlStore({ config, env: host.env }, (context) =>
    raiseBudget(context, config, {
      budgetId: id,
      by: flags.by,
      untilMs: parseUntil(flags.until, setting?.timeZone ?? "UTC", context.now()),
      of: flags.for ?? "",
      reason: flags.reason ?? "",
    }),
  );
  if (flags.json === true) {
    host.stdout.write(`${JSON.stringify(record)}\n`);
    return;
  }
  const unit = setting?.unit === "usd" ? "micro_usd" : (setting?.unit ?? "requests");
  const until = new Date(record.untilMs).toISOString();
  host.stdout.write(`raised ${id} by ${amountText(unit, record.by)} until ${until}\n`);
}
