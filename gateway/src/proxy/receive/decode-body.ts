import { promisify } from "node:util";
import { brotliDecompress, gunzip, inflate, zstdDecompress, type ZlibOptions } from "node:zlib";
import { Refusal } from "../refusal.ts";
import { bodyTooLarge } from "./read-body.ts";
import type { HeldRoom } from "./room.ts";

type Decoder = (bytes: Buffer, options: ZlibOptions) => Promise<Buffer>;

/** RFC 9110 §8.4.1, RFC 7932, RFC 8878. */
const decoders: Readonly<Record<string, Decoder>> = {
  gzip: promisify<Buffer, ZlibOptions, Buffer>(gunzip),
  "x-gzip": promisify<Buffer, ZlibOptions, Buffer>(gunzip),
  deflate: promisify<Buffer, ZlibOptions, Buffer>(inflate),
  br: promisify<Buffer, object, Buffer>(brotliDecompress),
  zstd: promisify<Buffer, object, Buffer>(zstdDecompress),
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
    const decode = Object.hasOwn(decoders, coding) ? decoders[coding] : undefined;
    if (decode === undefined) throw new Refusal("WEIR_ENCODING_UNSUPPORTED");
    decoded = await decodeOnce(decode, decoded, maxBytes);
    room.take(decoded.length);
  }
  return decoded;
}

async function decodeOnce(decode: Decoder, bytes: Buffer, maxBytes: number): Promise<Buffer> {
  try {
    return await decode(bytes, { maxOutputLength: maxBytes });
  } catch (cause) {
    const isTooLarge =
      cause instanceof Error && "code" in cause && cause.code === "ERR_BUFFER_TOO_LARGE";
    if (isTooLarge) throw bodyTooLarge(maxBytes, "maxBodyBytes");
    throw new Refusal("WEIR_ENCODING_INVALID", { cause });
  }
}
