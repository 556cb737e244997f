import type { ClickHouseClient } from "@clickhouse/client";
import { counterKey } from "../budget/counter.ts";
import { windowAt } from "../budget/window.ts";
import type { Budget, BudgetScope, BudgetUnit } from "../contracts/budget.ts";
import { matchesPattern } from "../contracts/pattern.ts";
import { ask } from "./ask.ts";

/** What is on record of one counter. */
export interface BudgetSpend {
  readonly key: string;
  /** Whose it is: a person, a team, a model … */
  readonly value: string;
  /** In the budget's unit. */
  readonly spent: number;
  readonly startMs: number;
  readonly expiresAtMs: number;
}

/** What the ledger can tell of a budget. `run` is not on record, and concurrency is no spend. */
const columns: Partial<Record<BudgetScope, string>> = {
  person: "person_id",
  team: "team_id",
  cost_center: "cost_center",
  agent: "agent_id",
  key: "key_id",
  model: "model",
  session: "concat(person_id, '\\t', asserted_session_id)",
};

const inRollUps = new Set<BudgetScope>(["person", "team", "cost_center", "agent", "model"]);

const tokens =
  "input_uncached + cache_read + cache_write_5m + cache_write_1h + output_visible + " +
  "output_reasoning + tool_use_prompt + audio_in + audio_out";
const sums = {
  calls: {
    requests: "countIf(supersedes = '')",
    tokens: `sumIf(${tokens
      .split(" + ")
      .map((column) => `ifNull(${column}, 0)`)
      .join(" + ")}, supersedes = '')`,
    // A correction changes what a call costs by the difference.
    micro_usd: "sum(ifNull(cost_micro_usd, 0)) - sum(ifNull(superseded_cost_micro_usd, 0))",
  },
  calls_hour: {
    requests: "sum(calls)",
    tokens: `sum(${tokens})`,
    micro_usd: "sum(cost_micro_usd) + sum(failed_attempts_cost_micro_usd)",
  },
} as const;

/** What never reached a provider is no request of a budget; a list of models names no provider. */
const neverAsked =
  "('denied', 'unauthenticated', 'invalid_request', 'too_large', 'unavailable', 'rate_limited')";

const MAX_COUNTERS = 20_000;
const HOUR_MS = 3_600_000;

/** What budgets have in common that are answered by one question. */
export type SpendQuestion = Pick<Budget, "scope" | "unit" | "window" | "timeZone">;

/** What everybody has used of one unit in one window. */
export interface Spends {
  readonly rows: readonly { readonly value: string; readonly spent: number }[];
  readonly startMs: number;
  readonly endMs: number;
}

/**
 * What is on record of the open window, each value of the scope; null for concurrency and runs.
 * Hourly sums are asked where they can tell; single calls are kept for fewer days.
 *
 * @param only - this value alone.
 * @throws ControlError WEIR_LEDGER_UNAVAILABLE
 */
export async function readSpends(
  client: ClickHouseClient,
  { scope, unit, window, timeZone }: SpendQuestion,
  nowMs: number,
  only?: string,
): Promise<Spends | null> {
  const column = columns[scope];
  if (window === null || unit === "concurrency" || column === undefined) return null;
  const { startMs, endMs } = windowAt(window, timeZone, nowMs);
  const isWholeHours = startMs % HOUR_MS === 0;
  const table = isWholeHours && inRollUps.has(scope) ? "calls_hour" : "calls";
  const query = spendQuery(table, column, unit, only !== undefined);
  const parameters = {
    fromSeconds: Math.floor(startMs / 1000),
    ...(only !== undefined && { only }),
  };
  const rows = await ask<{ value: string; spent: number }>(client, query, parameters);
  return { rows, startMs, endMs };
}

/** The counters of a budget among them. */
export function spendsOf(budget: Budget, spends: Spends | null): BudgetSpend[] {
  if (spends === null) return [];
  const { rows, startMs, endMs } = spends;
  return rows
    .filter(({ value }) => value !== "" && matchesPattern(budget.of, matched(budget.scope, value)))
    .map(({ value, spent }) => ({
      key: counterKey(budget.id, startMs, value),
      value,
      spent: Math.max(0, Math.round(spent)),
      startMs,
      expiresAtMs: endMs,
    }));
}

function spendQuery(
  table: "calls" | "calls_hour",
  column: string,
  unit: Exclude<BudgetUnit, "concurrency">,
  hasOne: boolean,
): string {
  const model = "if(model_resolved != '', model_resolved, model_requested)";
  const value = table === "calls" && column === "model" ? model : column;
  const time = table === "calls" ? "started_at" : "hour";
  return `
    SELECT ${value} AS value, ${sums[table][unit]} AS spent
    FROM ${table}
    WHERE ${time} >= toDateTime({fromSeconds:UInt32}, 'UTC')
      AND provider != '' AND outcome NOT IN ${neverAsked}
      ${table === "calls" ? "AND attempts > 0" : ""}
      ${hasOne ? `AND ${value} = {only:String}` : ""}
    GROUP BY value
    ORDER BY spent DESC
    LIMIT ${MAX_COUNTERS}`;
}

function matched(scope: BudgetScope, value: string): string {
  return scope === "session" ? (value.split("\t")[0] ?? "") : value;
}
