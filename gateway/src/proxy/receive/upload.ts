import type { IncomingMessage } from "node:http";
import { PassThrough, pipeline, type Readable, Transform } from "node:stream";
import { bodyTooLarge } from "./read-body.ts";

/** A body that goes on as it comes. */
export interface Upload {
  /** Null when the request has none. */
  readonly body: Readable | null;
  /** Bytes that have come so far. */
  readonly bytes: number;
}

/**
 * Lets a body of at most `maxBytes` through as it arrives. Whoever reads it sets the pace; when the
 * client leaves or sends too much, the stream is destroyed with the reason.
 */
export function openUpload(request: IncomingMessage, maxBytes: number): Upload {
  const hasBody =
    request.headers["transfer-encoding"] !== undefined ||
    Number(request.headers["content-length"] ?? 0) > 0;
  if (!hasBody) {
    request.resume();
    return { body: null, bytes: 0 };
  }
  let bytes = 0;
  const counted = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes) done(bodyTooLarge(maxBytes, "maxUploadBytes"));
      else done(null, chunk);
    },
  });
  counted.on("error", () => request.resume());
  pipeline(request, counted, ignoreError);
  return {
    body: counted,
    get bytes() {
      return bytes;
    },
  };
}

/** The reader of the stream sees its error; here nobody waits for it. */
function ignoreError(): void {}

/** A readable that begins with `head` and goes on with `rest`. */
export function continued(head: readonly Buffer[], rest: Readable): Readable {
  const joined = new PassThrough();
  for (const chunk of head) joined.write(chunk);
  pipeline(rest, joined, ignoreError);
  return joined;
}
