import type { ClickHouseClient } from "@clickhouse/client";
import { limitAt } from "../../budget/counter.ts";
import { windowAt } from "../../budget/window.ts";
import type { Config } from "../../config/schema.ts";
import type { BudgetReport, OwnBudget } from "../../contracts/api/budgets.ts";
import type { Budget, BudgetRaise, SpentCounters } from "../../contracts/budget.ts";
import { matchesPattern } from "../../contracts/pattern.ts";
import type { SignedIn } from "../../identity/session.ts";
import { readSpends, type Spends, spendsOf } from "../../insight/budget-spend.ts";
import type { ControlContext } from "../store/change.ts";
import type { Store } from "../store/open-store.ts";
import { configuredBudgets } from "./configured.ts";
import { listRaises } from "./list-raises.ts";
import { raiseBudget, type RaiseBudgetInput, type RaiseRecord } from "./raise.ts";

/** What can be asked and done about budgets. */
export interface BudgetDesk {
  /** With the raises that hold now. */
  readonly inForce: () => Promise<Budget[]>;
  /** @throws ControlError WEIR_LEDGER_UNAVAILABLE */
  readonly own: (person: Pick<SignedIn, "personId" | "teamId">) => Promise<OwnBudget[]>;
  /** @throws ControlError WEIR_LEDGER_UNAVAILABLE */
  readonly reports: () => Promise<BudgetReport[]>;
  /** @throws ControlError WEIR_LEDGER_UNAVAILABLE */
  readonly spent: () => Promise<SpentCounters>;
  /** @throws ControlError as raiseBudget */
  readonly raise: (context: ControlContext, input: RaiseBudgetInput) => Promise<RaiseRecord>;
}

export interface BudgetDeskOptions {
  readonly config: Pick<Config, "budgets">;
  readonly store: Store;
  readonly client: () => Promise<ClickHouseClient>;
  readonly now: () => number;
}

/** From these sums nobody can work out what one person used. */
const reported = new Set<Budget["scope"]>(["cost_center", "model"]);

export function createBudgetDesk({ config, store, client, now }: BudgetDeskOptions): BudgetDesk {
  const inForce = async () => {
    const raises = new Map<string, BudgetRaise[]>();
    for (const { budgetId, by, untilMs, of } of await listRaises(store, now())) {
      raises.set(budgetId, [...(raises.get(budgetId) ?? []), { by, untilMs, of }]);
    }
    return configuredBudgets(config, raises);
  };
  const spendOf = async (budget: Budget, only?: string) =>
    spendsOf(budget, await readSpends(await client(), budget, now(), only));
  return {
    inForce,
    raise: (context, input) => raiseBudget(context, config, input),
    spent: async () => {
      const nowMs = now();
      const answers = new Map<string, Spends | null>();
      const counters: SpentCounters["counters"] = [];
      for (const budget of await inForce()) {
        // A budget for each team is one question for all of them.
        const question = [budget.scope, budget.unit, budget.window, budget.timeZone].join(" ");
        const known = answers.get(question);
        const spends =
          known === undefined ? await readSpends(await client(), budget, nowMs) : known;
        answers.set(question, spends);
        for (const { key, spent, expiresAtMs } of spendsOf(budget, spends)) {
          counters.push({ key, spent, expiresAtMs });
        }
      }
      return { counters };
    },
    reports: async () => {
      const reports: BudgetReport[] = [];
      for (const budget of await inForce()) {
        const isReported = reported.has(budget.scope) && budget.unit !== "concurrency";
        const spends = isReported ? await spendOf(budget) : null;
        const standings =
          spends?.map(({ value, spent }) => ({
            value,
            spent,
            limit: limitAt(budget, value, now()),
          })) ?? null;
        // A raise for one person says as much of them as what they have used.
        const raises = isReported ? budget.raises : budget.raises.filter(({ of }) => of === "");
        reports.push({ budget: { ...budget, raises }, standings });
      }
      return reports;
    },
    own: async (person) => {
      const team = await store
        .selectFrom("teams")
        .select("costCenter")
        .where("id", "=", person.teamId)
        .executeTakeFirst();
      const values = {
        person: person.personId,
        session: person.personId,
        run: person.personId,
        team: person.teamId,
        cost_center: team?.costCenter ?? "",
      };
      const own: OwnBudget[] = [];
      for (const budget of await inForce()) {
        const view = ownView(budget, values, now());
        if (view === null) continue;
        const isOnesOwn = budget.scope === "person" && budget.unit !== "concurrency";
        const [spend] = isOnesOwn ? await spendOf(budget, person.personId) : [];
        own.push({ ...view, spent: isOnesOwn ? (spend?.spent ?? 0) : null });
      }
      return own;
    },
  };
}

/** Null when the person's calls do not fall under the budget, or only those of some key or agent do. */
function ownView(
  budget: Budget,
  values: Partial<Record<Budget["scope"], string>>,
  nowMs: number,
): Omit<OwnBudget, "spent"> | null {
  const value = values[budget.scope];
  if (budget.scope !== "model") {
    if (value === undefined || value === "" || !matchesPattern(budget.of, value)) return null;
  }
  const { id, scope, unit, window, timeZone, enforcement, contact } = budget;
  return {
    id,
    scope,
    unit,
    window,
    timeZone,
    enforcement,
    contact,
    limit: limitAt(budget, value ?? "", nowMs),
    resetsAtMs: window === null ? null : windowAt(window, timeZone, nowMs).endMs,
  };
}
