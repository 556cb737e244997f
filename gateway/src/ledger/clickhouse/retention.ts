import type { ClickHouseClient } from "@clickhouse/client";
import { localName } from "./cluster/names.ts";
import { clusterOf } from "./open.ts";
import { runStatement } from "./run-statement.ts";

/** How long each class of data is kept, whole days. */
export interface Retention {
  /** `calls`, `decisions` and `calls_minute`. */
  readonly retentionDays: number;
  /** `calls_hour`. Default 90. */
  readonly hourRetentionDays?: number;
  /** `calls_day`. Default 400: 13 months. */
  readonly dayRetentionDays?: number;
  /** `admin_log`, `access_log` and `findings`. Default 400. */
  readonly auditRetentionDays?: number;
}

const HOUR_DAYS = 90;
const DAY_DAYS = 400;
const AUDIT_DAYS = 400;

/** Sets each table's TTL where it is not yet what it should be. Parts are dropped whole. */
export async function applyRetention(
  client: ClickHouseClient,
  retention: Retention,
): Promise<void> {
  const { retentionDays: days } = retention;
  const hourDays = Math.max(days, retention.hourRetentionDays ?? HOUR_DAYS);
  const dayDays = Math.max(days, retention.dayRetentionDays ?? DAY_DAYS);
  const auditDays = Math.max(days, retention.auditRetentionDays ?? AUDIT_DAYS);
  await setTtl(client, "calls", "toDateTime(started_at)", days);
  await setTtl(client, "decisions", "toDateTime(decided_at)", days);
  await setTtl(client, "calls_minute", "minute", days);
  await setTtl(client, "calls_hour", "hour", hourDays);
  await setTtl(client, "calls_day", "day", dayDays);
  await setTtl(client, "admin_log", "toDateTime(changed_at)", auditDays);
  await setTtl(client, "access_log", "toDateTime(accessed_at)", auditDays);
  await setTtl(client, "findings", "toDateTime(found_at)", auditDays);
}

async function setTtl(
  client: ClickHouseClient,
  table: string,
  time: string,
  days: number,
): Promise<void> {
  if (!Number.isSafeInteger(days) || days < 1) throw new RangeError("Retention is whole days");
  const ttl = `${time} + toIntervalDay(${days})`;
  const stored = clusterOf(client) === undefined ? table : localName(table);
  const result = await client.query({
    query: `SELECT create_table_query AS ddl FROM system.tables
      WHERE database = currentDatabase() AND name = '${stored}'`,
    format: "JSONEachRow",
  });
  const [row] = await result.json<{ ddl: string }>();
  if (row?.ddl.includes(`TTL ${ttl} `) === true) return;
  // Existing parts are looked at again by the merges of TTL, not rewritten at once.
  const statement = `ALTER TABLE ${table} MODIFY TTL ${ttl}`;
  await runStatement(client, statement, { materialize_ttl_after_modify: 0 });
}
