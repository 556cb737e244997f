const NEWLINE = 10;
/** Above the largest row, each byte of it escaped. */
export const MAX_LINE_BYTES = 16_777_216;

/** A line as it stands in a stream, without its line feed. */
export interface Line {
  /** Offsets in the stream; `end` is just after the last byte. */
  readonly start: number;
  readonly end: number;
  /** Null when it is longer than may be held. */
  readonly bytes: Buffer | null;
}

export interface ReadLinesOptions {
  readonly maxBytes?: number;
  /** What a line of more bytes does: end the reading, the default, or be told of without them. */
  readonly whenLonger?: "throw" | "skip";
}

/**
 * The lines of a stream of bytes, split at line feeds alone, never holding more than one and a chunk.
 * @throws RangeError for a line of more than `maxBytes`, before its end is seen.
 */
export async function* readLines(
  source: AsyncIterable<Uint8Array>,
  { maxBytes = MAX_LINE_BYTES, whenLonger = "throw" }: ReadLinesOptions = {},
): AsyncGenerator<Line> {
  let held: Buffer[] = [];
  let start = 0;
  let end = 0;
  const hold = (bytes: Buffer) => {
    end += bytes.length;
    if (end - start <= maxBytes) held.push(bytes);
    else if (whenLonger === "skip") held = [];
    else throw new RangeError(`A line has more than ${maxBytes} bytes`);
  };
  const line = () => ({ start, end, bytes: end - start > maxBytes ? null : Buffer.concat(held) });
  for await (const chunk of source) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let from = 0;
    for (let to = bytes.indexOf(NEWLINE); to !== -1; to = bytes.indexOf(NEWLINE, from)) {
      hold(bytes.subarray(from, to));
      yield line();
      held = [];
      start = end + 1;
      end = start;
      from = to + 1;
    }
    if (from < bytes.length) hold(bytes.subarray(from));
  }
  if (end > start) yield line();
}
