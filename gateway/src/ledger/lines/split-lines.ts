const NEWLINE = 10;
/** Above the largest row, each byte of it escaped. */
const MAX_LINE_BYTES = 16_777_216;

/**
 * The lines of UTF-8 text, split at line feeds alone, without them. node:readline also splits at
 * U+2028 and U+2029, which JSON may hold as they are (RFC 8259 §7), and so tears such a value apart.
 * @throws RangeError for a line of more than `maxBytes`.
 */
export async function* splitLines(
  source: AsyncIterable<Uint8Array>,
  maxBytes = MAX_LINE_BYTES,
): AsyncGenerator<string> {
  let rest: Buffer[] = [];
  let restBytes = 0;
  for await (const chunk of source) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      yield Buffer.concat([...rest, bytes.subarray(start, end)]).toString("utf8");
      rest = [];
      restBytes = 0;
      start = end + 1;
    }
    if (start === bytes.length) continue;
    rest.push(bytes.subarray(start));
    restBytes += bytes.length - start;
    if (restBytes > maxBytes) throw new RangeError(`A line has more than ${maxBytes} bytes`);
  }
  if (restBytes > 0) yield Buffer.concat(rest).toString("utf8");
}
