import type { ClickHouseClient } from "@clickhouse/client";

/** How long each class of data is kept, whole days. */
export interface Retention {
  /** `calls` and `decisions`. */
  readonly retentionDays: number;
  /** `calls_hour`. Default 90. */
  readonly hourRetentionDays?: number;
  /** `calls_day`. Default 400: 13 months. */
  readonly dayRetentionDays?: number;
}

const HOUR_DAYS = 90;
const DAY_DAYS = 400;

/** Sets each table's TTL where it is not yet what it should be. Parts are dropped whole. */
export async function applyRetention(
  client: ClickHouseClient,
  retention: Retention,
): Promise<void> {
  const hourDays = retention.hourRetentionDays ?? HOUR_DAYS;
  const dayDays = retention.dayRetentionDays ?? DAY_DAYS;
  await setTtl(client, "calls", "toDateTime(started_at)", retention.retentionDays);
  await setTtl(client, "decisions", "toDateTime(decided_at)", retention.retentionDays);
  await setTtl(client, "calls_hour", "hour", Math.max(hourDays, retention.retentionDays));
  await setTtl(client, "calls_day", "day", Math.max(dayDays, retention.retentionDays));
}

async function setTtl(
  client: ClickHouseClient,
  table: string,
  time: string,
  days: number,
): Promise<void> {
  if (!Number.isSafeInteger(days) || days < 1) throw new RangeError("Retention is whole days");
  const ttl = `${time} + toIntervalDay(${days})`;
  const result = await client.query({
    query: `SELECT create_table_query AS ddl FROM system.tables
      WHERE database = currentDatabase() AND name = '${table}'`,
    format: "JSONEachRow",
  });
  const [row] = await result.json<{ ddl: string }>();
  if (row?.ddl.includes(`TTL ${ttl} `) === true) return;
  // Existing parts are looked at again by the merges of TTL, not rewritten at once.
  await client.command({
    query: `ALTER TABLE ${table} MODIFY TTL ${ttl} SETTINGS materialize_ttl_after_modify = 0`,
  });
}
