import { open } from "node:fs/promises";
import { join } from "node:path";
import { nextBatch } from "../ship/next-batch.ts";
import type { Cursor } from "../spool/cursor.ts";
import { readFrames } from "../spool/read-frames.ts";
import { readHeader } from "../spool/read-header.ts";
import { listSegments } from "../spool/segment-name.ts";

const READ_BYTES = 4_194_304;

/** What waits in a spool behind its cursor. */
export interface Waiting {
  readonly rows: number;
  /** When the oldest of these rows happened, Unix milliseconds; null when none waits. */
  readonly oldestAtMs: number | null;
}

type Position = Pick<Cursor, "segment" | "offset" | "shippedThrough">;

/** Reads no more than one segment. The spool may be written, and shipped, meanwhile. */
export async function measureWaiting(directory: string, position: Position): Promise<Waiting> {
  try {
    const last = await lastSequence(directory, position);
    const rows = Math.max(0, last - position.shippedThrough);
    return { rows, oldestAtMs: rows === 0 ? null : await oldestTime(directory, position) };
  } catch (error) {
    // A segment that has gone meanwhile has been shipped.
    if (error instanceof Error && "code" in error && error.code === "ENOENT")
      return { rows: 0, oldestAtMs: null };
    throw error;
  }
}

async function lastSequence(directory: string, position: Position): Promise<number> {
  const { shippedThrough } = position;
  const segment = (await listSegments(directory)).at(-1);
  if (segment === undefined || segment.name < position.segment) return shippedThrough;
  await using file = await open(join(directory, segment.name), "r");
  const start = await readHeader(file);
  if (typeof start === "string") return segment.firstSequence - 1;
  const isBegun = segment.name === position.segment && position.offset > 0;
  let offset = isBegun ? position.offset : start.bytes;
  let next = isBegun ? shippedThrough + 1 : start.header.firstSequence;
  for (;;) {
    const run = await readFrames(file, offset, next, READ_BYTES);
    ({ offset, sequence: next } = run);
    if (run.end !== "more") return next - 1;
  }
}

async function oldestTime(directory: string, from: Position): Promise<number | null> {
  let position = from;
  for (;;) {
    const next = await nextBatch(directory, position, { rows: 1, bytes: READ_BYTES });
    if (next.kind === "batch") return next.frames[0]?.timeMs ?? null;
    if (next.kind === "idle") return null;
    position = { segment: next.nextSegment, offset: 0, shippedThrough: next.nextSequence - 1 };
  }
}
