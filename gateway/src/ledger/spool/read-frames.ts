import type { FileHandle } from "node:fs/promises";
import {
  decodeFrame,
  FRAME_HEADER_BYTES,
  FRAME_SEAL,
  type Frame,
  type FrameFault,
  MAX_FRAME_BYTES,
} from "./frame.ts";

export interface FrameRun {
  readonly frames: readonly Frame[];
  /** Offset and sequence at which the next run goes on; after a seal, the next segment's. */
  readonly offset: number;
  readonly sequence: number;
  /**
   * `more`: call again. `sealed`: the segment ended as it should. `end`: no byte is left, but no
   * seal was found. Otherwise what stands at `offset` is no whole and valid frame.
   */
  readonly end: "more" | "sealed" | "end" | "sequence" | FrameFault;
}

/**
 * Reads frames from `offset` on, of which the first must have `sequence`; about `readBytes` at a
 * time, but always at least one frame. Payloads are views of one fresh buffer.
 */
export async function readFrames(
  file: FileHandle,
  offset: number,
  sequence: number,
  readBytes: number,
): Promise<FrameRun> {
  const run = await readOnce(file, offset, sequence, readBytes);
  // A frame larger than the chunk: once more, with room for the largest there can be.
  if (run.frames.length === 0 && run.end === "more" && readBytes < MAX_FRAME_BYTES)
    return readOnce(file, offset, sequence, MAX_FRAME_BYTES);
  return run;
}

async function readOnce(
  file: FileHandle,
  offset: number,
  sequence: number,
  readBytes: number,
): Promise<FrameRun> {
  const buffer = Buffer.allocUnsafe(Math.max(readBytes, FRAME_HEADER_BYTES));
  const filled = await fill(file, buffer, offset);
  const frames: Frame[] = [];
  let at = 0;
  let next = sequence;
  const stop = (end: FrameRun["end"]): FrameRun => ({
    frames,
    offset: offset + at,
    sequence: next,
    end,
  });
  while (at < filled) {
    const frame = decodeFrame(buffer, at, filled);
    if (frame === "incomplete") return stop(filled === buffer.length ? "more" : "incomplete");
    if (typeof frame === "string") return stop(frame);
    if (frame.type === FRAME_SEAL && frame.sequence >= next) {
      next = frame.sequence;
      return stop("sealed");
    }
    if (frame.sequence !== next) return stop("sequence");
    at += frame.bytes;
    frames.push(frame);
    next += 1;
  }
  return stop(filled === buffer.length ? "more" : "end");
}

/** @returns how many bytes were there, fewer than asked only at the end of the file. */
async function fill(file: FileHandle, buffer: Buffer, offset: number): Promise<number> {
  let filled = 0;
  while (filled < buffer.length) {
    const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, offset + filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}
