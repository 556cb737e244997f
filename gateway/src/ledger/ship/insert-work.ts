import { Readable } from "node:stream";
import { type ClickHouseClient, drainStream } from "@clickhouse/client";
import type { CallRow, DecisionRow } from "../clickhouse/rows.ts";
import type { ShipWork } from "../spool/cursor.ts";

export interface RowSource {
  readonly spoolId: string;
  readonly epoch: number;
}

/**
 * Names an INSERT by what it inserts, so that repeating it adds nothing. The epoch keeps a spool
 * that was started anew from being taken for the old one.
 */
export function deduplicationToken(source: RowSource, work: ShipWork): string {
  const range = `${source.spoolId}@${source.epoch}:${work.first}-${work.last}`;
  const again = work.attempt === 0 ? "" : `~${work.attempt}`;
  return `${range}:${work.table}:${work.partition}${again}`;
}

/**
 * Inserts the rows of one piece of work: one block, one partition, all or nothing.
 * Settings stand in the statement, for the embedded engine would keep them for later queries.
 */
export async function insertWork(
  client: ClickHouseClient,
  source: RowSource,
  work: ShipWork,
  rows: readonly (CallRow | DecisionRow)[],
): Promise<void> {
  const [first] = rows;
  if (first === undefined) return;
  const query = `INSERT INTO ${work.table} (${Object.keys(first).join(", ")}) SETTINGS
    insert_deduplication_token = '${deduplicationToken(source, work)}',
    insert_deduplicate = 1,
    deduplicate_blocks_in_dependent_materialized_views = 1,
    async_insert = 0,
    input_format_parallel_parsing = 0,
    input_format_null_as_default = 0,
    date_time_input_format = 'best_effort',
    input_format_json_throw_on_bad_escape_sequence = 0
    FORMAT JSONCompactEachRow`;
  const body = rows.map((row) => JSON.stringify(Object.values(row))).join("\n");
  const result = await client.exec({
    query,
    values: Readable.from([body], { objectMode: false }),
    // Over HTTP an error after the first byte would otherwise look like success.
    clickhouse_settings: { wait_end_of_query: 1 },
  });
  await drainStream(result.stream);
}

/** How many rows of the work are in its table already. */
export async function countShipped(
  client: ClickHouseClient,
  source: RowSource,
  work: ShipWork,
): Promise<number> {
  const time = work.table === "calls" ? "started_at" : "decided_at";
  const result = await client.query({
    query: `SELECT count() AS rows FROM ${work.table}
      WHERE toYYYYMMDD(${time}) = {partition:UInt32}
        AND spool_id = {spoolId:String} AND spool_epoch = {epoch:UInt64}
        AND spool_sequence BETWEEN {first:UInt64} AND {last:UInt64}`,
    query_params: {
      partition: Number(work.partition),
      spoolId: source.spoolId,
      epoch: source.epoch,
      first: work.first,
      last: work.last,
    },
    format: "JSONEachRow",
  });
  const [row] = await result.json<{ rows: number | string }>();
  return Number(row?.rows ?? 0);
}
