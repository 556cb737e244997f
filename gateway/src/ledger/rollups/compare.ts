import type { ClickHouseClient } from "@clickhouse/client";
import { type RollUp, selectOfDay } from "./roll-up.ts";

/** How a day of a roll-up differs from what its source says. */
export interface RollUpDifference {
  readonly table: RollUp["table"];
  readonly source: string;
  /** UTC day, `20261123`. */
  readonly day: string;
  /** Groups of which at least one sum differs. */
  readonly wrongGroups: number;
  /** Columns that differ anywhere. */
  readonly columns: readonly string[];
  /** Calls of the wrong groups: by the roll-up, and by the source. */
  readonly calls: number;
  readonly sourceCalls: number;
}

// A day of one group a call would not fit into memory beside everything else.
const SPILL_BYTES = 134_217_728;

/**
 * Compares every sum of every group of a UTC day with its source. Rows that are being inserted look
 * like a difference.
 * @returns null when all are equal.
 */
export async function compareDay(
  client: ClickHouseClient,
  rollUp: RollUp,
  day: string,
): Promise<RollUpDifference | null> {
  const result = await client.query({ query: differences(rollUp, day), format: "JSONEachRow" });
  const [row] = await result.json<Record<string, number | string>>();
  const wrongGroups = Number(row?.["wrong_groups"] ?? 0);
  if (wrongGroups === 0) return null;
  const { table, source, sums } = rollUp;
  const columns = sums
    .map(({ name }) => name)
    .filter((_name, index) => Number(row?.[`differs_${index}`]) > 0);
  const index = sums.findIndex(({ name }) => name === "calls");
  const calls = Number(row?.["is_calls"]);
  const sourceCalls = Number(row?.["should_calls"]);
  if (index < 0) throw new RangeError(`${table} does not count calls`);
  return { table, source, day, wrongGroups, columns, calls, sourceCalls };
}

function differences(rollUp: RollUp, day: string): string {
  const { table, time, keys, sums } = rollUp;
  const names = [...keys, ...sums.map(({ name }) => name)].map(quoted).join(", ");
  const wide = (column: string, type: string) =>
    type.startsWith("Decimal") ? `CAST(${column}, '${type}')` : `toInt128(${column})`;
  const each = sums.map(({ name, type }, index) => {
    const value = wide(quoted(name), type);
    return `sumIf(${value}, is_source) AS should_${index}, sumIf(${value}, NOT is_source) AS is_${index}`;
  });
  const calls = sums.findIndex(({ name }) => name === "calls");
  const wrong = sums.map((_sum, index) => `should_${index} != is_${index}`);
  const counted = wrong.map((condition, index) => `countIf(${condition}) AS differs_${index}`);
  return `SELECT count() AS wrong_groups, ${counted.join(", ")},
      sum(is_${calls}) AS is_calls, sum(should_${calls}) AS should_calls
    FROM (
      SELECT ${each.join(", ")} FROM (
        SELECT ${names}, true AS is_source FROM (${selectOfDay(rollUp, day)})
        UNION ALL
        SELECT ${names}, false AS is_source FROM ${table} WHERE toYYYYMMDD(${time}) = ${day}
      )
      GROUP BY ${keys.map(quoted).join(", ")}
    )
    WHERE ${wrong.join(" OR ")}
    SETTINGS max_bytes_before_external_group_by = ${SPILL_BYTES}`;
}

function quoted(name: string): string {
  return `\`${name}\``;
}
