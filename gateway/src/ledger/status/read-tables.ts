import type { ClickHouseClient } from "@clickhouse/client";
import { type Static, Type } from "typebox";

const count = Type.Integer({ minimum: 0 });

/** A table of the ledger as it lies on the disk. */
export const LedgerTableState = Type.Object(
  {
    table: Type.String(),
    rows: count,
    bytesOnDisk: count,
    /** Null without rows. */
    bytesPerRow: Type.Union([Type.Number(), Type.Null()]),
    parts: count,
    /** UTC, as ClickHouse writes it; empty without rows, or when it is not kept by day. */
    oldestRow: Type.String(),
    newestRow: Type.String(),
    /** After how many days a row expires; null when it never does. */
    retentionDays: Type.Union([count, Type.Null()]),
  },
  { additionalProperties: false },
);
export type LedgerTableState = Static<typeof LedgerTableState>;

const QUERY = `SELECT t.name AS table, toFloat64(p.rows) AS rows, toFloat64(p.bytes) AS bytes_on_disk,
    toFloat64(p.parts) AS parts, extract(t.partition_key, '^toYYYYMM(?:DD)?\\\\((\\\\w+)\\\\)$') AS time_column,
    extract(t.create_table_query, 'TTL .*?toIntervalDay\\\\((\\\\d+)\\\\)') AS days
  FROM system.tables AS t
  LEFT JOIN (
    SELECT table, sum(rows) AS rows, sum(bytes_on_disk) AS bytes, count() AS parts
    FROM system.parts WHERE database = currentDatabase() AND active GROUP BY table
  ) AS p ON p.table = t.name
  WHERE t.database = currentDatabase() AND endsWith(t.engine, 'MergeTree')
  ORDER BY t.name`;

interface Row {
  readonly table: string;
  readonly rows: number;
  readonly bytes_on_disk: number;
  readonly parts: number;
  /** By whose UTC day it is partitioned; empty when it is not. */
  readonly time_column: string;
  readonly days: string;
}

/** Every table that keeps rows, by name. */
export async function readTables(client: ClickHouseClient): Promise<LedgerTableState[]> {
  const result = await client.query({ query: QUERY, format: "JSONEachRow" });
  const tables: LedgerTableState[] = [];
  for (const row of await result.json<Row>())
    tables.push({
      table: row.table,
      rows: row.rows,
      bytesOnDisk: row.bytes_on_disk,
      bytesPerRow: row.rows === 0 ? null : Math.round((row.bytes_on_disk / row.rows) * 10) / 10,
      parts: row.parts,
      ...(await readSpan(client, row)),
      retentionDays: row.days === "" ? null : Number(row.days),
    });
  return tables;
}

/** Parts know the span of the column that partitions them: no row is read. */
async function readSpan(
  client: ClickHouseClient,
  { table, time_column: column, rows }: Row,
): Promise<Pick<LedgerTableState, "oldestRow" | "newestRow">> {
  if (column === "" || rows === 0) return { oldestRow: "", newestRow: "" };
  const result = await client.query({
    query: `SELECT toString(min(\`${column}\`)) AS oldestRow, toString(max(\`${column}\`)) AS newestRow
      FROM \`${table}\``,
    format: "JSONEachRow",
  });
  const [span] = await result.json<{ oldestRow: string; newestRow: string }>();
  return span ?? { oldestRow: "", newestRow: "" };
}
