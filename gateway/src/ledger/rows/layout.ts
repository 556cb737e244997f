/** A column and how an event's value for it is written. */
export interface LayoutColumn<Event> {
  readonly name: string;
  readonly encode: (event: Event) => string;
}

/**
 * How events become the lines of a table: its columns in the order of the line, after the three
 * that say where in which spool the row stands. It only ever grows at its end, and each time it
 * does, another version is added: a line of any version can be inserted, and checked, for ever.
 */
export interface Layout<Event> {
  readonly table: LedgerTable;
  /** The column with the time of the event, by whose UTC day the table is partitioned. */
  readonly timeColumn: string;
  /** Whether rows are leaves of the audit log. */
  readonly isAudited: boolean;
  readonly columns: readonly LayoutColumn<Event>[];
  /** How many of the columns each version has; version 1 first. */
  readonly widths: readonly [number, ...number[]];
}

export type LedgerTable = "calls" | "decisions" | "admin_log" | "access_log" | "content";

/** Where in which spool a row comes from. */
export interface SpoolPosition {
  readonly spoolId: string;
  /** When that spool was started from nothing, Unix milliseconds. */
  readonly epoch: number;
  readonly sequence: number;
}

export const POSITION_COLUMNS = ["spool_id", "spool_epoch", "spool_sequence"] as const;

/** The row of an event without its position, in the newest version of its layout. */
export function fieldsOf<Event>(layout: Layout<Event>, event: Event): string {
  let fields = "";
  for (const { encode } of layout.columns) fields += `\t${encode(event)}`;
  return fields;
}

/** Names of the columns of a line of this version, in order. @throws RangeError for an unknown one. */
export function columnsOf(layout: Layout<never>, version: number): string[] {
  const width = layout.widths[version - 1];
  if (width === undefined)
    throw new RangeError(`Version ${version} of the rows of ${layout.table} is not known here`);
  return [...POSITION_COLUMNS, ...layout.columns.slice(0, width).map(({ name }) => name)];
}

/** The version that rows are written in now. */
export function versionOf(layout: Layout<never>): number {
  return layout.widths.length;
}

/** The UTC day as ClickHouse names the partition, for example `20261123`. */
export function partitionOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10).replaceAll("-", "");
}
