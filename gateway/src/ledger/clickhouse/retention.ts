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
  /** `retentionDays`: of `content`. Default 7. */
  readonly content?: { readonly retentionDays: number };
}

const HOUR_DAYS = 90;
const DAY_DAYS = 400;
const AUDIT_DAYS = 400;
const CONTENT_DAYS = 7;

/** Sets each table's TTL where it is not yet what it should be. Parts are dropped whole. */
export async function applyRetention(
  client: ClickHouseClient,
  retention: Retention,
): Promise<void> {
  for (const statement of await dueRetention(client, retention))
    // Existing parts are looked at again by the merges of TTL, not rewritten at once.
    await runStatement(client, statement, { materialize_ttl_after_modify: 0 });
}

/** The statements that set the TTL of each table where it is not yet what it should be. */
export async function dueRetention(
  client: ClickHouseClient,
  retention: Retention,
): Promise<string[]> {
  const { retentionDays: days } = retention;
  const hourDays = Math.max(days, retention.hourRetentionDays ?? HOUR_DAYS);
  const dayDays = Math.max(days, retention.dayRetentionDays ?? DAY_DAYS);
  const auditDays = Math.max(days, retention.auditRetentionDays ?? AUDIT_DAYS);
  const wanted: readonly (readonly [table: string, time: string, days: number])[] = [
    ["calls", "toDateTime(started_at)", days],
    ["decisions", "toDateTime(decided_at)", days],
    ["calls_minute", "minute", days],
    ["calls_hour", "hour", hourDays],
    ["calls_day", "day", dayDays],
    ["admin_log", "toDateTime(changed_at)", auditDays],
    ["access_log", "toDateTime(accessed_at)", auditDays],
    ["findings", "toDateTime(found_at)", auditDays],
    ["content", "toDateTime(captured_at)", retention.content?.retentionDays ?? CONTENT_DAYS],
  ];
  const statements: string[] = [];
  for (const [table, time, each] of wanted) {
    if (!Number.isSafeInteger(each) || each < 1) throw new RangeError("Retention is whole days");
    const ttl = `${time} + toIntervalDay(${each})`;
    if (!(await hasTtl(client, table, ttl)))
      statements.push(`ALTER TABLE ${table} MODIFY TTL ${ttl}`);
  }
  return statements;
}

async function hasTtl(client: ClickHouseClient, table: string, ttl: string): Promise<boolean> {
  const stored = clusterOf(client) === undefined ? table : localName(table);
  const result = await client.query({
    query: `SELECT create_table_query AS ddl FROM system.tables
      WHERE database = currentDatabase() AND name = {stored:String}`,
    query_params: { stored },
    format: "JSONEachRow",
  });
  const [row] = await result.json<{ ddl: string }>();
  return row?.ddl.includes(`TTL ${ttl} `) === true;
}
