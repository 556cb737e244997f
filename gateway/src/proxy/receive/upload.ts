import type { IncomingMessage } from "node:http";
import { PassThrough, pipeline, type Readable, Transform } from "node:stream";
import { feed } from "./feed.ts";
import { bodyTooLarge } from "./read-body.ts";
import type { HeldRoom } from "./room.ts";

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
export function openUpload(request: IncomingMessage, maxBytes: number, room: HeldRoom): Upload {
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
  feed(request, counted);
  room.onGiveBack(() => counted.destroy());
  return {
    body: counted,
    get bytes() {
      return bytes;
    },
  };
}

/** A readable that begins with `head` and goes on with `rest`. */
export function continued(head: readonly Buffer[], rest: Readable): Readable {
  const joined = new PassThrough();
  for (const chunk of head) joined.write(chunk);
  pipeline(rest, joined, ignoreError);
  return joined;
}

/** The reader of the stream sees its error; here nobody waits for it. */
function ignoreError(): void {}
