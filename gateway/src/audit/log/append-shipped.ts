import type { AuditLeaf as ShippedLeaf } from "../../ledger/ship/audit-leaves.ts";
import type { AuditLeaf, AuditLog } from "./audit-log.ts";
import { isAuditTable } from "./entry.ts";

/** Appends the leaves of one shipped batch, which all come from one spool. */
export async function appendShipped(log: AuditLog, leaves: readonly ShippedLeaf[]): Promise<void> {
  const [first] = leaves;
  if (first === undefined) return;
  const { spoolId, epoch } = first;
  const own: AuditLeaf[] = [];
  for (const { table, layout, atMs, sequence, line, ...from } of leaves) {
    if (from.spoolId !== spoolId || from.epoch !== epoch)
      throw new TypeError("The leaves of a batch come from one spool");
    if (isAuditTable(table)) own.push({ table, layout, atMs, sequence, line });
  }
  await log.append({ spoolId, epoch }, own);
}
