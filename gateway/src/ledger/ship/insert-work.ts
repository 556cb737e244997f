import type { ClickHouseClient } from "@clickhouse/client";
import { insertLines } from "../clickhouse/insert-lines.ts";
import { columnsOf } from "../rows/layout.ts";
import { layoutOf } from "../rows/record.ts";
import type { ShipWork } from "../spool/cursor.ts";
import type { Frame } from "../spool/frame.ts";
import { linesOf } from "./plan-work.ts";
import type { ShipperOptions } from "./start-shipper.ts";

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
  return `${range}:${work.table}.${work.version}:${work.partition}${again}`;
}

/** Inserts the rows of one piece of work: one block, one partition, all or nothing. */
export async function insertWork(
  { client, insert = insertLines }: Pick<ShipperOptions, "client" | "insert">,
  source: RowSource,
  work: ShipWork,
  frames: readonly Frame[],
): Promise<void> {
  if (frames.length === 0) return;
  await insert(client, {
    table: work.table,
    columns: columnsOf(layoutOf(work.table), work.version),
    lines: linesOf(frames),
    token: deduplicationToken(source, work),
  });
}

/** Whether the row of a frame is in the table; with it are all others of its piece of work. */
export async function isShipped(
  client: ClickHouseClient,
  source: RowSource,
  work: ShipWork,
  { sequence }: Pick<Frame, "sequence">,
): Promise<boolean> {
  const { timeColumn } = layoutOf(work.table);
  const result = await client.query({
    query: `SELECT count() AS rows FROM ${work.table}
      WHERE toYYYYMMDD(${timeColumn}) = {partition:UInt32}
        AND spool_id = {spoolId:String} AND spool_epoch = {epoch:UInt64}
        AND spool_sequence = {sequence:UInt64}`,
    query_params: {
      partition: Number(work.partition),
      spoolId: source.spoolId,
      epoch: source.epoch,
      sequence,
    },
    format: "JSONEachRow",
  });
  const [row] = await result.json<{ rows: number | string }>();
  return Number(row?.rows ?? 0) > 0;
}
