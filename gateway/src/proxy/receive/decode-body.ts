import type { Transform } from "node:stream";
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createZstdDecompress,
} from "node:zlib";
import { Refusal } from "../refusal.ts";
import { bodyTooLarge } from "./read-body.ts";
import type { HeldRoom } from "./room.ts";

const chunkSize = 65_536;
// RFC 9659: with HTTP a zstd window is at most 8 MB; a decoder sets aside what the sender asks for.
const zstdParams = { [constants.ZSTD_d_windowLogMax]: 23 };

/** RFC 9110 §8.4.1, RFC 7932, RFC 8878. */
const decoders: Readonly<Record<string, () => Transform>> = {
  gzip: () => createGunzip({ chunkSize }),
  "x-gzip": () => createGunzip({ chunkSize }),
  deflate: () => createInflate({ chunkSize }),
  br: () => createBrotliDecompress({ chunkSize }),
  zstd: () => createZstdDecompress({ chunkSize, params: zstdParams }),
};

/** More than one coding at once is allowed by HTTP and used by nobody but attackers. */
const MAX_CODINGS = 2;

/**
 * Undoes a request's content codings, never beyond `maxBytes`: policy and metering read the plain
 * body, and the plain body is what goes upstream.
 *
 * @throws Refusal WEIR_ENCODING_UNSUPPORTED, WEIR_ENCODING_INVALID, WEIR_BODY_TOO_LARGE, WEIR_OVERLOADED
 */
export async function decodeBody(
  bytes: Buffer,
  contentEncoding: string | undefined,
  maxBytes: number,
  room: HeldRoom,
): Promise<Buffer> {
  if (contentEncoding === undefined) return bytes;
  const codings = contentEncoding
    .split(",")
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== "" && coding !== "identity");
  if (codings.length > MAX_CODINGS) throw new Refusal("WEIR_ENCODING_UNSUPPORTED");
  let decoded = bytes;
  for (const coding of codings.toReversed()) {
    const open = Object.hasOwn(decoders, coding) ? decoders[coding] : undefined;
    if (open === undefined) throw new Refusal("WEIR_ENCODING_UNSUPPORTED");
    decoded = await decodeOnce(open(), decoded, maxBytes, room);
  }
  return decoded;
}

/** Takes room piece by piece: what a few bytes unfold to is known only while they do. */
async function decodeOnce(
  decoder: Transform,
  bytes: Buffer,
  maxBytes: number,
  room: HeldRoom,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  decoder.end(bytes);
  try {
    for await (const chunk of decoder) {
      const piece: Buffer = chunk;
      length += piece.length;
      if (length > maxBytes) throw bodyTooLarge(maxBytes, "maxBodyBytes");
      room.take(piece.length);
      chunks.push(piece);
    }
  } catch (cause) {
    throw cause instanceof Refusal ? cause : new Refusal("WEIR_ENCODING_INVALID", { cause });
  }
  return Buffer.concat(chunks, length);
}
