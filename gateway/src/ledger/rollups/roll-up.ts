import type { ClickHouseClient } from "@clickhouse/client";

/** A roll-up as the database itself describes it. */
export interface RollUp {
  readonly table: RollUpTable;
  /** What its view reads: `calls`, or another roll-up. */
  readonly source: string;
  /** Column with the time in the source, and in the roll-up. */
  readonly sourceTime: string;
  readonly time: string;
  /** Whole days that the source keeps its rows; Infinity without a TTL. */
  readonly sourceDays: number;
  readonly keys: readonly string[];
  readonly sums: readonly { readonly name: string; readonly type: string }[];
  /** The SELECT of its view, without a condition, in two: one can be put between. */
  readonly select: { readonly head: string; readonly tail: string };
  /** Expression of the partition, and how many digits of the day it has. */
  readonly partitionKey: string;
  readonly partitionDigits: 6 | 8;
}

/** In this order: a roll-up may be filled from one before it. */
export const rollUpTables = ["calls_minute", "calls_hour", "calls_day"] as const;
export type RollUpTable = (typeof rollUpTables)[number];

const timeColumns: Readonly<Record<string, string>> = {
  calls: "started_at",
  calls_minute: "minute",
  calls_hour: "hour",
  calls_day: "day",
};

/** The database is not one that this Weir has made. */
export class RollUpShapeError extends Error {
  readonly code = "WEIR_LEDGER_ROLL_UP";

  constructor(table: string, what: string) {
    super(`The roll-up ${table} ${what}. Restart Weir, which brings the tables up to date.`);
    this.name = "RollUpShapeError";
  }
}

interface TableRow {
  readonly name: string;
  readonly select: string;
  readonly ddl: string;
  readonly partitionKey: string;
}

interface ColumnRow {
  readonly table: string;
  readonly name: string;
  readonly type: string;
}

/** Reads the roll-ups' definitions: what a view selects is said in one place. @throws RollUpShapeError */
export async function readRollUps(client: ClickHouseClient): Promise<RollUp[]> {
  const tables = await rows<TableRow>(
    client,
    `SELECT name, as_select AS select, create_table_query AS ddl, partition_key AS partitionKey
      FROM system.tables WHERE database = currentDatabase() AND startsWith(name, 'calls')`,
  );
  const columns = await rows<ColumnRow>(
    client,
    `SELECT table, name, type FROM system.columns
      WHERE database = currentDatabase() AND table IN ('${rollUpTables.join("', '")}')
      ORDER BY table, position`,
  );
  const byName = new Map(tables.map((table) => [table.name, table]));
  return rollUpTables.map((table) =>
    describe(
      table,
      byName,
      columns.filter((column) => column.table === table),
    ),
  );
}

function describe(
  table: RollUpTable,
  tables: ReadonlyMap<string, TableRow>,
  columns: readonly ColumnRow[],
): RollUp {
  const select = tables.get(`${table}_view`)?.select ?? "";
  const match = /^(.* FROM (?:\S+\.)?`?(\w+)`?) (GROUP BY .*)$/s.exec(select.replaceAll("\n", " "));
  const [, head = "", source = "", tail = ""] = match ?? [];
  const sourceTime = timeColumns[source];
  const time = timeColumns[table];
  if (sourceTime === undefined || time === undefined)
    throw new RollUpShapeError(table, "has no view that can be read");
  const { partitionKey = "" } = tables.get(table) ?? {};
  const keys: string[] = [];
  const sums: { name: string; type: string }[] = [];
  for (const { name, type } of columns) {
    const [, sumType] = /^SimpleAggregateFunction\(sum, (.+)\)$/.exec(type) ?? [];
    if (sumType === undefined) keys.push(name);
    else sums.push({ name, type: sumType });
  }
  return {
    table,
    source,
    sourceTime,
    time,
    sourceDays: ttlDays(tables.get(source)?.ddl ?? ""),
    keys,
    sums,
    select: { head, tail },
    partitionKey,
    partitionDigits: partitionKey.startsWith("toYYYYMMDD(") ? 8 : 6,
  };
}

/** Whole days of a table's TTL; Infinity without one. */
export function ttlDays(ddl: string): number {
  const [, days] = /\bTTL .*?\+ toIntervalDay\((\d+)\)/s.exec(ddl) ?? [];
  return days === undefined ? Number.POSITIVE_INFINITY : Number(days);
}

/** What the view of a roll-up selects from the rows of a UTC day that its source has now. */
export function selectOfDay({ select, sourceTime }: RollUp, day: string): string {
  return `${select.head} WHERE toYYYYMMDD(${sourceTime}) = ${day} ${select.tail}`;
}

/**
 * Whether all rows of a day can still be there: parts go when their last row has expired, so that
 * a day begins to vanish when its first one could have.
 */
export function isWhole(day: string, keptDays: number, nowMs: number): boolean {
  return startOfDay(day) + keptDays * 86_400_000 > nowMs;
}

/** Unix milliseconds of the start of a UTC day as partitions name it. @throws RangeError */
export function startOfDay(day: string): number {
  const time = /^\d{8}$/.test(day)
    ? Date.parse(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T00:00:00Z`)
    : Number.NaN;
  if (Number.isNaN(time)) throw new RangeError(`A UTC day is written like 20261123, not ${day}`);
  return time;
}

/** The clock that the database lets rows expire by, Unix milliseconds. */
export async function databaseNowMs(client: ClickHouseClient): Promise<number> {
  const [row] = await rows<{ now: number | string }>(
    client,
    "SELECT toUnixTimestamp64Milli(now64(3)) AS now",
  );
  return Number(row?.now);
}

async function rows<T>(client: ClickHouseClient, query: string): Promise<T[]> {
  const result = await client.query({ query, format: "JSONEachRow" });
  return result.json<T>();
}
