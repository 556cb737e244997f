import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { type Static, Type } from "typebox";
import { measureWaiting } from "./measure-waiting.ts";
import { newCursor, readCursor } from "../spool/cursor.ts";
import { listSegments } from "../spool/segment-name.ts";
import { isSpoolId } from "../spool/spool-id.ts";

const count = Type.Integer({ minimum: 0 });

/** A spool on the disk, and what of it has been shipped. */
export const SpoolState = Type.Object(
  {
    spoolId: Type.String(),
    shippedThrough: count,
    shippedRows: count,
    deadRows: count,
    segments: count,
    /** Bytes of the segments, and those of them that wait. */
    bytes: count,
    lagBytes: count,
    lagRows: count,
    /** When the oldest row that waits happened; null when none does. */
    oldestWaitingAtMs: Type.Union([Type.Integer(), Type.Null()]),
    /** Whether a batch has been begun and not ended. */
    isUnderWay: Type.Boolean(),
  },
  { additionalProperties: false },
);
export type SpoolState = Static<typeof SpoolState>;

/** Names of the spools under a root, sorted; none when it is not there. */
export async function listSpoolIds(spoolRoot: string): Promise<string[]> {
  const entries = await readdir(spoolRoot, { withFileTypes: true }).catch(ignoreMissing);
  return (entries ?? [])
    .filter((entry) => entry.isDirectory() && isSpoolId(entry.name))
    .map(({ name }) => name)
    .toSorted();
}

/** How far each spool has been shipped, by its files. @throws CursorError */
export async function readSpools(spoolRoot: string): Promise<SpoolState[]> {
  const states: SpoolState[] = [];
  for (const id of await listSpoolIds(spoolRoot))
    states.push(await readSpool(join(spoolRoot, id), id));
  return states;
}

async function readSpool(directory: string, spoolId: string): Promise<SpoolState> {
  const cursor = (await readCursor(directory)) ?? newCursor(spoolId);
  let segments = 0;
  let bytes = 0;
  let lagBytes = 0;
  for (const { name } of await listSegments(directory)) {
    // Control may have removed it since it was listed.
    const size = (await stat(join(directory, name)).catch(ignoreMissing))?.size;
    if (size === undefined) continue;
    segments += 1;
    bytes += size;
    if (name === cursor.segment) lagBytes += Math.max(0, size - cursor.offset);
    else if (name > cursor.segment) lagBytes += size;
  }
  const waiting = await measureWaiting(directory, cursor);
  const { shippedThrough, shippedRows, deadRows, intent } = cursor;
  const isUnderWay = intent !== null;
  return {
    spoolId,
    shippedThrough,
    shippedRows,
    deadRows,
    segments,
    bytes,
    lagBytes,
    lagRows: waiting.rows,
    oldestWaitingAtMs: waiting.oldestAtMs,
    isUnderWay,
  };
}

function ignoreMissing(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT") return undefined;
  throw error;
}
