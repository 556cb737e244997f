import { once } from "node:events";
import type { Transform } from "node:stream";
import { promisify } from "node:util";
import {
  brotliCompress,
  constants,
  createBrotliCompress,
  createGzip,
  createZstdCompress,
  gzip,
  zstdCompress,
} from "node:zlib";
import type { Step } from "./reply.ts";

export type Encoding = "gzip" | "br" | "zstd";

const whole = {
  gzip: promisify<Buffer, Buffer>(gzip),
  br: promisify<Buffer, Buffer>(brotliCompress),
  zstd: promisify<Buffer, Buffer>(zstdCompress),
};

const streams: Readonly<Record<Encoding, () => Transform & { flush: Flush }>> = {
  gzip: () => createGzip({ flush: constants.Z_SYNC_FLUSH }),
  br: () => createBrotliCompress({ flush: constants.BROTLI_OPERATION_FLUSH }),
  zstd: () => createZstdCompress({ flush: constants.ZSTD_e_flush }),
};
type Flush = (done: () => void) => void;

/** A whole body, compressed. */
export async function encodeWhole(bytes: string | Buffer, encoding: Encoding): Promise<Buffer> {
  return whole[encoding](Buffer.from(bytes));
}

/**
 * One compressed stream over all steps, flushed after each: a client can read a step as soon as it
 * has come. `ends` = whether the last step closes the compressed stream.
 */
export async function encodeSteps(
  steps: readonly Step[],
  encoding: Encoding,
  ends: boolean,
): Promise<readonly Step[]> {
  const encoder = streams[encoding]();
  const pieces: Buffer[] = [];
  encoder.on("data", (piece: Buffer) => pieces.push(piece));
  const encoded: Step[] = [];
  for (const [index, step] of steps.entries()) {
    encoder.write(step.bytes);
    if (ends && index === steps.length - 1) {
      const ended = once(encoder, "end");
      encoder.end();
      await ended;
    } else await new Promise<void>((resolve) => encoder.flush(() => resolve()));
    encoded.push({ ...step, bytes: Buffer.concat(pieces.splice(0)) });
  }
  if (!ends) encoder.destroy();
  return encoded;
}
