import { open, stat } from "node:fs/promises";
import { join } from "node:path";
import type { Cursor } from "../spool/cursor.ts";
import type { Frame } from "../spool/frame.ts";
import { type FrameRun, readFrames } from "../spool/read-frames.ts";
import { readHeader } from "../spool/read-header.ts";
import { listSegments, segmentName } from "../spool/segment-name.ts";

export interface BatchLimits {
  readonly rows: number;
  readonly bytes: number;
  /** The last sequence to take: a replay must be the batch that it was. */
  readonly through?: number;
}

/** What the spool has to offer after the cursor. */
export type Next =
  | {
      readonly kind: "batch";
      readonly frames: readonly Frame[];
      readonly epoch: number;
      readonly segment: string;
      /** Where the record after the batch stands. */
      readonly offset: number;
    }
  /** The segment is used up; `lostRows` and `damage` say what of it could not be read. */
  | {
      readonly kind: "segment-done";
      readonly segment: string;
      readonly epoch: number | undefined;
      /** Sequence and name with which the spool goes on. */
      readonly nextSequence: number;
      readonly nextSegment: string;
      readonly lostRows: number;
      readonly damage: { readonly offset: number; readonly fault: string } | undefined;
    }
  /** Nothing now; `fault` when something that is not a record stands where it should come. */
  | { readonly kind: "idle"; readonly fault?: string };

type Position = Pick<Cursor, "segment" | "offset" | "shippedThrough">;

/** Finds the records after `position`, at most one segment's. The spool may be written meanwhile. */
export async function nextBatch(
  directory: string,
  position: Position,
  limits: BatchLimits,
): Promise<Next> {
  // Listed before anything is read: a segment that has a successor takes no more frames.
  const segments = await listSegments(directory);
  const index = segments.findIndex((segment) => segment.name >= position.segment);
  const segment = segments[index];
  if (segment === undefined) return { kind: "idle" };
  const successor = segments[index + 1];
  const file = await open(join(directory, segment.name), "r");
  try {
    const start = await readHeader(file);
    if (typeof start === "string") {
      if (successor === undefined) return { kind: "idle", fault: start };
      return {
        kind: "segment-done",
        segment: segment.name,
        epoch: undefined,
        nextSequence: successor.firstSequence,
        nextSegment: successor.name,
        lostRows: Math.max(0, successor.firstSequence - position.shippedThrough - 1),
        damage: { offset: 0, fault: start },
      };
    }
    if (segment.name !== position.segment && start.header.firstSequence <= position.shippedThrough)
      return { kind: "idle", fault: `segment ${segment.name} had been shipped before` };
    const begun = segment.name === position.segment && position.offset > 0;
    const offset = begun ? position.offset : start.bytes;
    const sequence = begun ? position.shippedThrough + 1 : start.header.firstSequence;
    // A byte more than there is: a buffer that is filled to its end says nothing about the end.
    const { size } = await file.stat();
    const readBytes = Math.min(limits.bytes, Math.max(0, size - offset) + 1);
    const run = await readFrames(file, offset, sequence, readBytes);
    const { epoch } = start.header;
    const frames = take(run, limits);
    if (frames.length > 0) {
      const end = frames.reduce((sum, frame) => sum + frame.bytes, offset);
      return { kind: "batch", frames, epoch, segment: segment.name, offset: end };
    }
    return finished(segment.name, epoch, run, successor);
  } finally {
    await file.close();
  }
}

function take(run: FrameRun, limits: BatchLimits): readonly Frame[] {
  const frames = run.frames.slice(0, limits.rows);
  const { through } = limits;
  return through === undefined ? frames : frames.filter((frame) => frame.sequence <= through);
}

function finished(
  segment: string,
  epoch: number,
  run: FrameRun,
  successor: { readonly name: string; readonly firstSequence: number } | undefined,
): Next {
  const done = { kind: "segment-done" as const, segment, epoch };
  if (run.end === "sealed") {
    const nextSegment = segmentName(run.sequence);
    return { ...done, nextSequence: run.sequence, nextSegment, lostRows: 0, damage: undefined };
  }
  if (successor === undefined) {
    const fault = run.end === "end" || run.end === "incomplete" ? {} : { fault: `bad ${run.end}` };
    return { kind: "idle", ...fault };
  }
  return {
    ...done,
    nextSequence: Math.max(run.sequence, successor.firstSequence),
    nextSegment: successor.name,
    lostRows: Math.max(0, successor.firstSequence - run.sequence),
    damage: run.end === "end" ? undefined : { offset: run.offset, fault: `bad ${run.end}` },
  };
}

/** Bytes of frames from `position` to the end of the spool. */
export async function measureLag(directory: string, position: Position): Promise<number> {
  let bytes = 0;
  for (const { name } of await listSegments(directory)) {
    if (name < position.segment) continue;
    const { size } = await stat(join(directory, name));
    bytes += Math.max(0, size - (name === position.segment ? position.offset : 0));
  }
  return bytes;
}
