import type { AuditReader } from "../log/audit-reader.ts";
import { ENTRY_BYTES, hasId, ID_BYTES, idOffset, timeAt } from "../log/entry.ts";
import { idBytes, uuidTimeMs } from "../log/entry-id.ts";

const WINDOW_ENTRIES = 2_048;
const CHUNK_ENTRIES = 65_536;

/**
 * The first leaf of the row with that id; null = none. An id that carries its time is looked for
 * around it first: leaves come nearly in the order of time.
 */
export function findLeaf(reader: AuditReader, id: string, size = reader.size): number | null {
  const bytes = idBytes(id);
  const timeMs = uuidTimeMs(id);
  if (timeMs !== null) {
    const middle = firstSince(reader, size, timeMs);
    for (let width = WINDOW_ENTRIES; width <= WINDOW_ENTRIES * 16; width *= 16) {
      const start = Math.max(0, middle - width);
      const found = scan(reader, bytes, start, Math.min(size, middle + width));
      if (found !== null) return found;
    }
  }
  for (let start = 0; start < size; start += CHUNK_ENTRIES) {
    const found = scan(reader, bytes, start, Math.min(size, start + CHUNK_ENTRIES));
    if (found !== null) return found;
  }
  return null;
}

/** By halving, as if times only rose. */
function firstSince(reader: AuditReader, size: number, timeMs: number): number {
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    const raw = reader.readRaw(middle, 1);
    if (raw.length === ENTRY_BYTES && timeAt(raw, 0) < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

function scan(reader: AuditReader, id: Buffer, start: number, end: number): number | null {
  const raw = reader.readRaw(start, end - start);
  for (let at = raw.indexOf(id); at !== -1; at = raw.indexOf(id, at + 1)) {
    const offset = at - idOffset(0);
    if (offset % ENTRY_BYTES === 0 && at + ID_BYTES <= raw.length && hasId(raw, offset, id))
      return start + offset / ENTRY_BYTES;
  }
  return null;
}
