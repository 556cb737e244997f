import type { OwnBudget } from "@weir/gateway/contracts";
import { formatInstant } from "../../format/clock.ts";
import { formatMoney } from "../../format/money.ts";
import { formatCount, formatShare } from "../../format/numbers.ts";

/** A limit in words. */
export interface BudgetWords {
  readonly id: string;
  readonly counts: string;
  readonly limit: string;
  /** Null where it counts others too. */
  readonly used: string | null;
  /** From 0 to 1; null where it is not known. */
  readonly share: number | null;
  readonly resets: string;
  readonly contact: string;
  readonly isSpent: boolean;
}

const scopes: Readonly<Record<OwnBudget["scope"], string>> = {
  person: "You",
  team: "Your team together",
  cost_center: "Your cost centre together",
  agent: "An agent",
  key: "A key",
  model: "Everybody who uses the model",
  session: "Each of your sessions",
  run: "Each of your runs",
};

/** What a row of the card says. */
export function describeBudget(budget: OwnBudget, timeZone: string): BudgetWords {
  const { limit, spent, window, resetsAtMs } = budget;
  const per = window === null ? "at a time" : `a ${window}`;
  const soft = budget.enforcement === "soft" ? " (warns only)" : "";
  return {
    id: budget.id,
    counts: scopes[budget.scope],
    limit: `${amount(budget.unit, limit)} ${per}${soft}`,
    used:
      spent === null
        ? null
        : `${amount(budget.unit, spent)}${formatShare(spent, limit) === null ? "" : ` · ${formatShare(spent, limit)}`}`,
    share: spent === null || limit === 0 ? null : Math.min(1, spent / limit),
    resets: resetsAtMs === null ? "–" : formatInstant(resetsAtMs, timeZone),
    contact: budget.contact,
    isSpent: spent !== null && spent >= limit,
  };
}

function amount(unit: OwnBudget["unit"], value: number): string {
  switch (unit) {
    case "micro_usd":
      return formatMoney(value);
    case "tokens":
      return `${formatCount(value)} tokens`;
    default:
      return value === 1 ? "1 request" : `${formatCount(value)} requests`;
  }
}
