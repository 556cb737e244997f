import { type FileHandle, open, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { readCursor } from "./cursor.ts";
import { SpoolCorruptError } from "./errors.ts";
import { closeFrame, decodeFrame, FRAME_HEADER_BYTES, MAX_FRAME_BYTES, sealHead } from "./frame.ts";
import { type FrameRun, readFrames } from "./read-frames.ts";
import { readHeader } from "./read-header.ts";
import { listSegments, type SegmentName } from "./segment-name.ts";
import { syncDirectory } from "./sync-directory.ts";

export interface Recovery {
  nextSequence: number;
  /** Undefined when the directory holds nothing to tell it. */
  epoch: number | undefined;
  /** Bytes of a torn tail that were cut off: of a write that never returned. */
  truncatedBytes: number;
  /** Bytes set aside in `<segment>.corrupt`. */
  corruptBytes: number;
  /** What has to be reported. */
  errors: SpoolCorruptError[];
}

const READ_BYTES = 1_048_576;

/**
 * Makes a spool directory fit to go on: the last segment loses a torn tail, gets its seal, and
 * the sequence after everything that was ever written is found.
 */
export async function recoverSpool(directory: string, spoolId: string): Promise<Recovery> {
  const cursor = await readCursor(directory);
  const recovery: Recovery = {
    nextSequence: Math.max(cursor?.shippedThrough ?? 0, cursor?.intent?.last ?? 0) + 1,
    epoch: cursor === null || cursor.epoch === 0 ? undefined : cursor.epoch,
    truncatedBytes: 0,
    corruptBytes: 0,
    errors: [],
  };
  for (const segment of (await listSegments(directory)).toReversed()) {
    const path = join(directory, segment.name);
    const file = await open(path, "r+");
    try {
      const usable = await recoverSegment(file, path, segment, spoolId, recovery);
      if (usable) return recovery;
    } finally {
      await file.close();
    }
  }
  return recovery;
}

/** @returns false when the segment was done away with and the one before it is the last. */
async function recoverSegment(
  file: FileHandle,
  path: string,
  segment: SegmentName,
  spoolId: string,
  recovery: Recovery,
): Promise<boolean> {
  const { size } = await file.stat();
  const start = await readHeader(file);
  if (typeof start === "string" || start.header.spoolId !== spoolId) {
    const fault = typeof start === "string" ? start : `it belongs to ${start.header.spoolId}`;
    recovery.nextSequence = Math.max(recovery.nextSequence, segment.firstSequence);
    // Died between creating the file and writing its header: it never held a record.
    if (size < MIN_SEGMENT_BYTES) await rm(path);
    else {
      await rename(path, `${path}.corrupt`);
      recovery.nextSequence = Math.max(
        recovery.nextSequence,
        segment.firstSequence + mostFrames(size),
      );
      recovery.corruptBytes += size;
      recovery.errors.push(new SpoolCorruptError(segment.name, 0, fault));
    }
    return false;
  }
  recovery.epoch = start.header.epoch;
  const run = await lastRun(file, start.bytes, start.header.firstSequence);
  recovery.nextSequence = Math.max(recovery.nextSequence, run.sequence);
  if (run.end !== "sealed" && run.end !== "end")
    await cutTail(file, path, segment.name, run, size, recovery);
  if (recovery.nextSequence === segment.firstSequence) {
    // Died before its first frame was whole. The next segment gets the same name.
    await rm(path);
    return false;
  }
  if (run.end === "sealed") return true;
  await seal(file, run.offset, recovery.nextSequence);
  return true;
}

/** Smaller than a header with even the shortest id and one frame after it. */
const MIN_SEGMENT_BYTES = 40 + FRAME_HEADER_BYTES;

async function lastRun(file: FileHandle, offset: number, sequence: number): Promise<FrameRun> {
  let run = await readFrames(file, offset, sequence, READ_BYTES);
  while (run.end === "more") run = await readFrames(file, run.offset, run.sequence, READ_BYTES);
  return run;
}

/** Cuts the file at the fault; what may be more than a torn write is kept beside it first. */
async function cutTail(
  file: FileHandle,
  path: string,
  name: string,
  run: FrameRun,
  size: number,
  recovery: Recovery,
): Promise<void> {
  const tail = Buffer.alloc(size - run.offset);
  await file.read(tail, 0, tail.length, run.offset);
  if (isTorn(tail, run)) recovery.truncatedBytes += tail.length;
  else {
    await writeFile(`${path}.corrupt`, tail, { mode: 0o600, flush: true });
    await syncDirectory(join(path, ".."));
    recovery.corruptBytes += tail.length;
    recovery.nextSequence = Math.max(recovery.nextSequence, run.sequence + mostFrames(tail.length));
    recovery.errors.push(new SpoolCorruptError(name, run.offset, `bad ${run.end} in a frame`));
  }
  await file.truncate(run.offset);
}

/**
 * A write that was cut short by the end of its process leaves a frame's beginning at the end of
 * the file; a power cut leaves zeros. Anything else had been a record once.
 */
function isTorn(tail: Buffer, run: FrameRun): boolean {
  if (tail.every((byte) => byte === 0)) return true;
  return run.end === "incomplete" && tail.length < MAX_FRAME_BYTES && !hasFrame(tail, run.sequence);
}

/** Whether a whole frame stands anywhere after the first byte: then the damage is in the middle. */
function hasFrame(tail: Buffer, sequence: number): boolean {
  const last = sequence + mostFrames(tail.length);
  for (let offset = 1; offset + FRAME_HEADER_BYTES <= tail.length; offset += 1) {
    // The sequence is looked at first: a checksum at every offset would be quadratic.
    const candidate = Number(tail.readBigUInt64LE(offset + 8));
    if (candidate < sequence || candidate > last) continue;
    if (typeof decodeFrame(tail, offset, tail.length) !== "string") return true;
  }
  return false;
}

/** No damaged region can have held more records than this: their sequences are not used again. */
function mostFrames(bytes: number): number {
  return Math.ceil(bytes / FRAME_HEADER_BYTES) + 1;
}

async function seal(file: FileHandle, offset: number, nextSequence: number): Promise<void> {
  const frame = Buffer.alloc(FRAME_HEADER_BYTES);
  closeFrame(frame, 0, sealHead(nextSequence), 0);
  await file.write(frame, 0, frame.length, offset);
  await file.sync();
}
