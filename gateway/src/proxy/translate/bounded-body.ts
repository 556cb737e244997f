import { UnreadableAnswer } from "./translator.ts";

export interface BodyBounds {
  /** Of the whole body. */
  maxBytes: number;
  /** Between two line ends: what the reader of a stream may have to hold. */
  maxLineBytes: number;
}

const LF = 0x0a;

/** Passes a body on, up to its bounds. @throws UnreadableAnswer beyond them */
export async function* boundedBody(
  body: AsyncIterable<Uint8Array>,
  bounds: BodyBounds,
): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  let lineBytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    const lineEnd = chunk.lastIndexOf(LF);
    lineBytes = lineEnd === -1 ? lineBytes + chunk.length : chunk.length - lineEnd - 1;
    if (bytes > bounds.maxBytes || lineBytes > bounds.maxLineBytes) {
      throw new UnreadableAnswer("The provider's answer is larger than Weir translates.");
    }
    yield chunk;
  }
}

/** The first bytes of a body as text; what follows is not read. */
export async function readStart(
  body: AsyncIterable<Uint8Array>,
  maxBytes: number,
): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes >= maxBytes) break;
  }
  return Buffer.concat(chunks).subarray(0, maxBytes).toString("utf8");
}
