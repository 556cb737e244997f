import { open } from "node:fs/promises";
import { join } from "node:path";
import { SpoolCorruptError } from "./errors.ts";
import { FRAME_CALL, type Frame } from "./frame.ts";
import { readFrames } from "./read-frames.ts";
import { readHeader } from "./read-header.ts";
import type { SequencedRecord } from "./record.ts";
import { listSegments } from "./segment-name.ts";

const READ_BYTES = 1_048_576;

/**
 * Every record that stands in a spool directory, in order, while it may still be written to.
 * @throws SpoolCorruptError at the first damage that is not merely the unfinished end.
 */
export async function* readSpool(directory: string): AsyncGenerator<SequencedRecord> {
  const segments = await listSegments(directory);
  for (const [index, { name }] of segments.entries()) {
    yield* readSegment(directory, name, index === segments.length - 1);
  }
}

async function* readSegment(
  directory: string,
  name: string,
  isLast: boolean,
): AsyncGenerator<SequencedRecord> {
  const file = await open(join(directory, name), "r");
  try {
    const start = await readHeader(file);
    if (typeof start === "string") {
      if (isLast) return;
      throw new SpoolCorruptError(name, 0, start);
    }
    let offset = start.bytes;
    let sequence = start.header.firstSequence;
    for (;;) {
      const run = await readFrames(file, offset, sequence, READ_BYTES);
      for (const frame of run.frames) yield decodeRecord(frame);
      if (run.end === "sealed" || run.end === "end") return;
      if (run.end === "incomplete" && isLast) return;
      if (run.end !== "more") throw new SpoolCorruptError(name, run.offset, `bad ${run.end}`);
      ({ offset, sequence } = run);
    }
  } finally {
    await file.close();
  }
}

/** @throws SyntaxError when the payload is no JSON, which its checksum all but rules out. */
export function decodeRecord(frame: Frame): SequencedRecord {
  const { sequence } = frame;
  const text = frame.payload.toString("utf8");
  if (frame.type === FRAME_CALL) return { sequence, type: "call", event: JSON.parse(text) };
  return { sequence, type: "decision", event: JSON.parse(text) };
}
