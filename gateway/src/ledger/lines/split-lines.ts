import { MAX_LINE_BYTES, readLines } from "./read-lines.ts";

/**
 * The lines of UTF-8 text, split at line feeds alone, without them. node:readline also splits at
 * U+2028 and U+2029, which JSON may hold as they are (RFC 8259 §7), and so tears such a value apart.
 * @throws RangeError for a line of more than `maxBytes`.
 */
export async function* splitLines(
  source: AsyncIterable<Uint8Array>,
  maxBytes = MAX_LINE_BYTES,
): AsyncGenerator<string> {
  for await (const { bytes } of readLines(source, { maxBytes }))
    if (bytes !== null) yield bytes.toString("utf8");
}
