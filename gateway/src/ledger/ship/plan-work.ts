import {
  callRow,
  type CallRow,
  decisionRow,
  type DecisionRow,
  partitionOf,
} from "../clickhouse/rows.ts";
import type { ShipWork } from "../spool/cursor.ts";
import type { Frame } from "../spool/frame.ts";
import { decodeRecord } from "../spool/read-spool.ts";
import type { SequencedRecord } from "../spool/record.ts";
import type { RowSource } from "./insert-work.ts";

/** A record on its way into its table. */
export interface ShippableRow {
  readonly sequence: number;
  readonly table: ShipWork["table"];
  readonly partition: string;
  readonly timeMs: number;
  readonly row: CallRow | DecisionRow;
}

/** A record that cannot even be made a row. */
export interface UnreadableRow {
  readonly frame: Frame;
  readonly reason: string;
}

export interface BatchContent {
  readonly rows: readonly ShippableRow[];
  readonly unreadable: readonly UnreadableRow[];
}

/** Makes the frames of a batch into rows. The same frames give the same rows, always. */
export function toRows(frames: readonly Frame[], source: RowSource): BatchContent {
  const rows: ShippableRow[] = [];
  const unreadable: UnreadableRow[] = [];
  for (const frame of frames) {
    try {
      rows.push(toRow(decodeRecord(frame), source));
    } catch (error) {
      unreadable.push({ frame, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  return { rows, unreadable };
}

function toRow(record: SequencedRecord, source: RowSource): ShippableRow {
  const { sequence } = record;
  const position = { ...source, sequence };
  if (record.type === "call") {
    const timeMs = record.event.startedAtMs;
    const row = callRow(record.event, position);
    return { sequence, table: "calls", partition: partitionOf(timeMs), timeMs, row };
  }
  const timeMs = record.event.decidedAtMs;
  const row = decisionRow(record.event, position);
  return { sequence, table: "decisions", partition: partitionOf(timeMs), timeMs, row };
}

/** One INSERT for each table and partition that the rows fall into, each named by the range. */
export function planWork(rows: readonly ShippableRow[], first: number, last: number): ShipWork[] {
  const work = new Map<string, ShipWork>();
  for (const { table, partition } of rows) {
    const key = `${table}:${partition}`;
    if (!work.has(key)) work.set(key, { table, partition, first, last, attempt: 0 });
  }
  return [...work.values()];
}

/** The rows that a piece of work inserts. */
export function rowsOf(work: ShipWork, rows: readonly ShippableRow[]): ShippableRow[] {
  return rows.filter(
    ({ table, partition, sequence }) =>
      table === work.table &&
      partition === work.partition &&
      sequence >= work.first &&
      sequence <= work.last,
  );
}

/** Halves work by its rows, of which there are at least two. The halves have tokens of their own. */
export function splitWork(work: ShipWork, rows: readonly ShippableRow[]): [ShipWork, ShipWork] {
  const middle = rows[Math.floor(rows.length / 2)];
  const cut = middle?.sequence ?? work.last;
  return [
    { ...work, last: cut - 1, attempt: 0 },
    { ...work, first: cut, attempt: 0 },
  ];
}
