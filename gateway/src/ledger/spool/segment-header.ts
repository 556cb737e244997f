import { crc32 } from "node:zlib";

/**
 * What a segment file begins with, little-endian:
 *
 *     offset  size  field
 *          0     8  magic "WEIRSPOL"
 *          8     2  format version, 2
 *         10     2  n, the length of the spool id
 *         12     8  sequence of the first frame
 *         20     8  creation time, Unix milliseconds
 *         28     8  epoch: when this spool was started from nothing, Unix milliseconds
 *         36     n  spool id, UTF-8
 *       36+n     4  CRC-32 of everything before
 */
export interface SegmentHeader {
  readonly spoolId: string;
  readonly firstSequence: number;
  readonly createdAtMs: number;
  readonly epoch: number;
}

const MAGIC = Buffer.from("WEIRSPOL", "latin1");
/** 1, whose payloads were JSON events, was never released. */
const FORMAT_VERSION = 2;
const FIXED_BYTES = 36;
const MAX_ID_BYTES = 255;

/** Enough to hold any header. */
export const MAX_HEADER_BYTES = FIXED_BYTES + MAX_ID_BYTES + 4;

export function encodeHeader(header: SegmentHeader): Buffer {
  const id = Buffer.from(header.spoolId, "utf8");
  if (id.length > MAX_ID_BYTES) throw new RangeError("A spool id has at most 255 bytes");
  const buffer = Buffer.alloc(FIXED_BYTES + id.length + 4);
  MAGIC.copy(buffer, 0);
  buffer.writeUInt16LE(FORMAT_VERSION, 8);
  buffer.writeUInt16LE(id.length, 10);
  buffer.writeBigUInt64LE(BigInt(header.firstSequence), 12);
  buffer.writeBigUInt64LE(BigInt(header.createdAtMs), 20);
  buffer.writeBigUInt64LE(BigInt(header.epoch), 28);
  id.copy(buffer, FIXED_BYTES);
  const end = FIXED_BYTES + id.length;
  buffer.writeUInt32LE(crc32(buffer.subarray(0, end)), end);
  return buffer;
}

/**
 * Reads a header from the first bytes of a segment.
 * @returns the header and its length, or what is wrong in words.
 */
export function decodeHeader(
  buffer: Buffer,
): { readonly header: SegmentHeader; readonly bytes: number } | string {
  if (buffer.length < FIXED_BYTES + 4) return "the header is incomplete";
  if (!buffer.subarray(0, 8).equals(MAGIC)) return "it is not a spool segment";
  const version = buffer.readUInt16LE(8);
  if (version !== FORMAT_VERSION) return `format version ${version} is not known to this Weir`;
  const end = FIXED_BYTES + buffer.readUInt16LE(10);
  if (buffer.length < end + 4) return "the header is incomplete";
  if (crc32(buffer.subarray(0, end)) !== buffer.readUInt32LE(end))
    return "the header's checksum is wrong";
  const header = {
    spoolId: buffer.toString("utf8", FIXED_BYTES, end),
    firstSequence: Number(buffer.readBigUInt64LE(12)),
    createdAtMs: Number(buffer.readBigUInt64LE(20)),
    epoch: Number(buffer.readBigUInt64LE(28)),
  };
  return { header, bytes: end + 4 };
}
