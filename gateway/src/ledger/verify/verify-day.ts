import type { ClickHouseClient } from "@clickhouse/client";
import { compareDay, type RollUpDifference } from "../rollups/compare.ts";
import { isWhole, type RollUp, ttlDays } from "../rollups/roll-up.ts";
import type { LedgerFinding } from "./finding.ts";
import { rowChecks } from "./row-checks.ts";

export interface LedgerShape {
  readonly rollUps: readonly RollUp[];
  /** Whole days that raw rows are kept. */
  readonly rawDays: number;
  readonly nowMs: number;
}

// Sets of so many ids are held at a time, some 100 bytes each.
const SLICE_ROWS = 1_000_000;
/** Of one check and day; more of the same kind help nobody. */
const MAX_FINDINGS = 50;

/** The UTC days that anything in the ledger is of, oldest first. */
export async function daysOfLedger(client: ClickHouseClient): Promise<string[]> {
  const result = await client.query({
    query: `SELECT DISTINCT day FROM (
        SELECT toYYYYMMDD(started_at) AS day FROM calls
        UNION DISTINCT SELECT toYYYYMMDD(decided_at) AS day FROM decisions
        UNION DISTINCT SELECT toYYYYMMDD(minute) AS day FROM calls_minute
        UNION DISTINCT SELECT toYYYYMMDD(hour) AS day FROM calls_hour
        UNION DISTINCT SELECT toYYYYMMDD(day) AS day FROM calls_day
      ) ORDER BY day`,
    format: "JSONEachRow",
  });
  return (await result.json<{ day: number }>()).map(({ day }) => String(day));
}

/** Days that the database keeps the rows of `calls`. */
export async function readRawDays(client: ClickHouseClient): Promise<number> {
  const result = await client.query({
    query: `SELECT create_table_query AS ddl FROM system.tables
      WHERE database = currentDatabase() AND name = 'calls'`,
    format: "JSONEachRow",
  });
  const [row] = await result.json<{ ddl: string }>();
  return ttlDays(row?.ddl ?? "");
}

/** What is wrong with a UTC day. What is being inserted meanwhile can look wrong. */
export async function verifyDay(
  client: ClickHouseClient,
  { rollUps, rawDays, nowMs }: LedgerShape,
  day: string,
): Promise<LedgerFinding[]> {
  const findings: LedgerFinding[] = [];
  for (const rollUp of rollUps) {
    if (!isWhole(day, rollUp.sourceDays, nowMs)) continue;
    const difference = await compareDay(client, rollUp, day);
    if (difference !== null) findings.push(rollUpFinding(difference, false));
  }
  // Of a day that has begun to expire, rows that others name are gone by right.
  if (isWhole(day, rawDays, nowMs)) findings.push(...(await rowFindings(client, day)));
  return findings;
}

/** How a wrong roll-up is told. */
export function rollUpFinding(difference: RollUpDifference, isRepaired: boolean): LedgerFinding {
  const { table, source, day, wrongGroups, columns, calls, sourceCalls } = difference;
  return {
    check: "roll-up",
    table,
    day,
    id: "",
    what: `${wrongGroups} groups differ from ${source} in ${columns.join(", ")}; in these ${calls} calls against ${sourceCalls}`,
    todo: isRepaired ? "" : "Run `weir ledger verify --repair`, which makes the day anew.",
    isRepaired,
  };
}

async function rowFindings(client: ClickHouseClient, day: string): Promise<LedgerFinding[]> {
  const slices = await sliceCount(client, day);
  const findings: LedgerFinding[] = [];
  for (const { check, table, query, what, todo } of rowChecks) {
    let found = 0;
    for (let slice = 0; slice < slices && found < MAX_FINDINGS; slice += 1) {
      const condition = (column: string) => `cityHash64(${column}) % ${slices} = ${slice}`;
      const result = await client.query({
        query: `${query(day, condition)} LIMIT ${MAX_FINDINGS - found}`,
        format: "JSONEachRow",
      });
      const rows = await result.json<{ id: string }>();
      found += rows.length;
      for (const { id } of rows)
        findings.push({ check, table, day, id, what, todo, isRepaired: false });
    }
  }
  return findings;
}

/** In how many parts to look at a day, so that none needs much memory. */
async function sliceCount(client: ClickHouseClient, day: string): Promise<number> {
  const result = await client.query({
    query: `SELECT
        (SELECT count() FROM calls WHERE toYYYYMMDD(started_at) = ${day})
        + (SELECT count() FROM decisions WHERE toYYYYMMDD(decided_at) = ${day}) AS rows`,
    format: "JSONEachRow",
  });
  const [row] = await result.json<{ rows: number | string }>();
  return Math.max(1, Math.ceil(Number(row?.rows ?? 0) / SLICE_ROWS));
}
