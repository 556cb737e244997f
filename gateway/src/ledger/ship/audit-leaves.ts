import { layoutOf } from "../rows/record.ts";
import type { LedgerTable } from "../rows/layout.ts";
import type { Frame } from "../spool/frame.ts";
import type { RowSource } from "./insert-work.ts";
import type { Destination } from "./plan-work.ts";

/** A row that is a leaf of the audit log. */
export interface AuditLeaf {
  readonly table: LedgerTable;
  /** Version of the layout of the line. */
  readonly layout: number;
  readonly atMs: number;
  readonly spoolId: string;
  readonly epoch: number;
  readonly sequence: number;
  /** Without its newline. */
  readonly line: Buffer;
}

/** The leaves among the rows of a batch, in the order of the spool. */
export function auditLeavesOf(
  source: RowSource,
  groups: ReadonlyMap<Destination, readonly Frame[]>,
): AuditLeaf[] {
  const leaves: AuditLeaf[] = [];
  for (const [{ table, version }, frames] of groups) {
    if (!layoutOf(table).isAudited) continue;
    for (const { timeMs, sequence, payload } of frames)
      leaves.push({ ...source, table, layout: version, atMs: timeMs, sequence, line: payload });
  }
  return leaves.toSorted((one, other) => one.sequence - other.sequence);
}
