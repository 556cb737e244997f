import type { Standing } from "../../budget/protocol.ts";
import type { Budget } from "../../contracts/budget.ts";
import { Refusal } from "../refusal.ts";
import type { BudgetCharge } from "./budget-book.ts";
import { secondsUntil } from "./rate-limit-fields.ts";

/** Longer than this no client should wait: it is told when the window begins anew, and to stop. */
const WAITABLE_MS = 60_000;

/** Calls under way end sooner or later: nobody knows when. */
const RETRY_RESERVED_SECONDS = 2;

/** Which limit a call met, when it ends, and whom to ask. Waiting helps = 429, else a denial. */
export function budgetRefusal(charge: BudgetCharge, standing: Standing, nowMs: number): Refusal {
  const { budget, limit, amount, resetsAtMs, windowSeconds } = charge;
  const resetSeconds = resetsAtMs === null ? undefined : secondsUntil(resetsAtMs, nowMs);
  const options = {
    limit: {
      name: budget.id,
      quota: limit,
      ...(windowSeconds === null ? {} : { windowSeconds }),
      ...(resetSeconds === undefined ? {} : { resetSeconds }),
    },
  };
  const isOver = standing.spent + (budget.lastCall === "must_fit" ? amount : 0) > limit;
  const isSpent = standing.spent >= limit || isOver;
  if (!isSpent) {
    const message = `Calls under way have reserved what is left of ${nameOf(charge)}. Try again shortly. ${askFor(budget)}`;
    const retryAfterSeconds = RETRY_RESERVED_SECONDS;
    return new Refusal("WEIR_RATE_LIMITED", { ...options, message, retryAfterSeconds });
  }
  const message = `${capitalised(nameOf(charge))} is spent. ${resetOf(charge)}${askFor(budget)}`;
  if (resetsAtMs !== null && resetsAtMs - nowMs <= WAITABLE_MS) {
    const retryAfterSeconds = resetSeconds ?? RETRY_RESERVED_SECONDS;
    return new Refusal("WEIR_RATE_LIMITED", { ...options, message, retryAfterSeconds });
  }
  return new Refusal("WEIR_BUDGET_SPENT", { ...options, message });
}

/** The call's price is not known, and the budget takes no chances. */
export function unpricedRefusal(budget: Budget, model: string): Refusal {
  const called = model === "" ? "this call" : `'${model}'`;
  return new Refusal("WEIR_BUDGET_UNPRICED", {
    message:
      `The price of ${called} is not known, and the budget '${budget.id}' lets no such call through. ` +
      `Name another model, or give it a price under 'prices' in weir.yaml. ${askFor(budget)}`,
    limit: { name: budget.id, quota: budget.limit, remaining: 0 },
  });
}

function nameOf({ budget, limit }: BudgetCharge): string {
  const per = budget.window === null ? "at a time" : `a ${budget.window}`;
  return `the budget '${budget.id}' of ${quantity(budget, limit)} ${per}`;
}

function quantity({ unit }: Budget, limit: number): string {
  switch (unit) {
    case "micro_usd":
      return `${(limit / 1_000_000).toFixed(2)} USD`;
    case "tokens":
      return `${limit} tokens`;
    default:
      return limit === 1 ? "1 request" : `${limit} requests`;
  }
}

function resetOf({ budget, resetsAtMs }: BudgetCharge): string {
  if (resetsAtMs === null) return "";
  const at = new Intl.DateTimeFormat("sv-SE", {
    timeZone: budget.timeZone,
    dateStyle: "short",
    timeStyle: "medium",
  }).format(resetsAtMs);
  return `It begins anew at ${at} (${budget.timeZone}). `;
}

function askFor({ contact }: Budget): string {
  return contact === "" ? "Your platform team can raise it." : `For more, ask ${contact}.`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
