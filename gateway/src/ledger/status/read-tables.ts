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
    /** UTC days, `20261123`; empty without rows, or when it is not kept by day. */
    oldestDay: Type.String(),
    newestDay: Type.String(),
    /** After how many days a row expires; null when it never does. */
    retentionDays: Type.Union([count, Type.Null()]),
  },
  { additionalProperties: false },
);
export type LedgerTableState = Static<typeof LedgerTableState>;

// Days of a table that is not partitioned by day are left empty.
const QUERY = `SELECT t.name AS table, toFloat64(p.rows) AS rows, toFloat64(p.bytes) AS bytes_on_disk,
    toFloat64(p.parts) AS parts, p.oldest AS oldest_day, p.newest AS newest_day,
    extract(t.create_table_query, 'TTL .*?toIntervalDay\\\\((\\\\d+)\\\\)') AS days
  FROM system.tables AS t
  LEFT JOIN (
    SELECT table, sum(rows) AS rows, sum(bytes_on_disk) AS bytes, count() AS parts,
      minIf(partition, match(partition, '^[0-9]{8}$')) AS oldest,
      maxIf(partition, match(partition, '^[0-9]{8}$')) AS newest
    FROM system.parts WHERE database = currentDatabase() AND active GROUP BY table
  ) AS p ON p.table = t.name
  WHERE t.database = currentDatabase() AND endsWith(t.engine, 'MergeTree')
  ORDER BY t.name`;

interface Row {
  readonly table: string;
  readonly rows: number;
  readonly bytes_on_disk: number;
  readonly parts: number;
  readonly oldest_day: string;
  readonly newest_day: string;
  readonly days: string;
}

/** Every table that keeps rows, by name. */
export async function readTables(client: ClickHouseClient): Promise<LedgerTableState[]> {
  const result = await client.query({ query: QUERY, format: "JSONEachRow" });
  return (await result.json<Row>()).map((row) => ({
    table: row.table,
    rows: row.rows,
    bytesOnDisk: row.bytes_on_disk,
    bytesPerRow: row.rows === 0 ? null : Math.round((row.bytes_on_disk / row.rows) * 10) / 10,
    parts: row.parts,
    oldestDay: row.oldest_day,
    newestDay: row.newest_day,
    retentionDays: row.days === "" ? null : Number(row.days),
  }));
}
