import { open } from "node:fs/promises";
import { join } from "node:path";
import { SpoolCorruptError } from "./errors.ts";
import type { Frame } from "./frame.ts";
import { readFrames } from "./read-frames.ts";
import { readHeader } from "./read-header.ts";
import { listSegments } from "./segment-name.ts";

const READ_BYTES = 1_048_576;

/**
 * Every frame that stands in a spool directory, in order, while it may still be written to.
 * @throws SpoolCorruptError at the first damage that is not merely the unfinished end.
 */
export async function* readSpool(directory: string): AsyncGenerator<Frame> {
  const segments = await listSegments(directory);
  for (const [index, { name }] of segments.entries()) {
    yield* readSegment(directory, name, index === segments.length - 1);
  }
}

async function* readSegment(
  directory: string,
  name: string,
  isLast: boolean,
): AsyncGenerator<Frame> {
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
      yield* run.frames;
      if (run.end === "sealed" || run.end === "end") return;
      if (run.end === "incomplete" && isLast) return;
      if (run.end !== "more") throw new SpoolCorruptError(name, run.offset, `bad ${run.end}`);
      ({ offset, sequence } = run);
    }
  } finally {
    await file.close();
  }
}
