import { setImmediate as nextTurn } from "node:timers/promises";
import { ID_BYTES, ENTRY_BYTES, idOffset } from "../../audit/log/entry.ts";
import { idBytes } from "../../audit/log/entry-id.ts";
import type { AuditReader } from "../../audit/log/audit-reader.ts";
import { POSITION_COLUMNS } from "../../ledger/rows/layout.ts";
import { recordTypeOf } from "../../ledger/spool/frame-type.ts";
import { readSpool } from "../../ledger/spool/read-spool.ts";

const chunkEntries = 16_384;

export interface Recorded {
  readonly inSpool: ReadonlySet<string>;
  readonly inAuditLog: ReadonlySet<string>;
}

/**
 * Which changes are in the ledger, by their ids. A row is a leaf before it leaves its spool: one
 * that stands in neither, looked at in this order, was never appended.
 */
export async function findRecorded(
  ids: readonly string[],
  spoolDirectory: string,
  auditLog: AuditReader,
): Promise<Recorded> {
  const inSpool = await findInSpool(new Set(ids), spoolDirectory);
  return { inSpool, inAuditLog: await findLeaves(ids, auditLog) };
}

async function findInSpool(ids: ReadonlySet<string>, directory: string): Promise<Set<string>> {
  const found = new Set<string>();
  for await (const { type, payload } of readSpool(directory)) {
    if (recordTypeOf(type) !== "admin") continue;
    const id =
      payload
        .toString("utf8")
        .split("\t", POSITION_COLUMNS.length + 1)
        .at(-1) ?? "";
    if (ids.has(id)) found.add(id);
  }
  return found;
}

/** From the end, where they are if they are there; one pass for all of them. */
async function findLeaves(ids: readonly string[], log: AuditReader): Promise<Set<string>> {
  const wanted = new Map(ids.map((id) => [idBytes(id).toString("hex"), id]));
  const found = new Set<string>();
  for (let end = log.size; end > 0 && found.size < wanted.size; end -= chunkEntries) {
    const first = Math.max(0, end - chunkEntries);
    const raw = log.readRaw(first, end - first);
    for (let offset = 0; offset < raw.length; offset += ENTRY_BYTES) {
      const start = idOffset(offset);
      const id = wanted.get(raw.toString("hex", start, start + ID_BYTES));
      if (id !== undefined) found.add(id);
    }
    await nextTurn();
  }
  return found;
}
