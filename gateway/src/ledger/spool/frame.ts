import { crc32 } from "node:zlib";
import { recordTypeOf } from "./frame-type.ts";

/**
 * A frame, little-endian:
 *
 *     offset  size  field
 *          0     4  length of the payload in bytes, 0 … MAX_PAYLOAD_BYTES
 *          4     4  CRC-32 (IEEE, as in zlib) of everything after it, with the length as its
 *                   initial value, so that the length is covered too
 *          8     8  sequence
 *         16     8  when it happened, Unix milliseconds; 0 in a seal
 *         24     1  type: 0 seal, else one of FRAME_TYPES
 *         25     1  version of the layout of the row; 0 in a seal
 *         26     n  payload: the row's line in UTF-8 without its newline; empty in a seal
 *
 * A seal ends a segment: its sequence is the one that the next segment starts with, and higher
 * than the segment's own frames would have it only where recovery had to set frames aside.
 */
export const FRAME_HEADER_BYTES = 26;
/** An event is a few KB; the bound keeps readers safe from a damaged length. */
export const MAX_PAYLOAD_BYTES = 1_048_576;
export const MAX_FRAME_BYTES = FRAME_HEADER_BYTES + MAX_PAYLOAD_BYTES;

export const FRAME_SEAL = 0;

const CRC_OFFSET = 4;
const SEQUENCE_OFFSET = 8;
const TIME_OFFSET = 16;
const TYPE_OFFSET = 24;
const VERSION_OFFSET = 25;
const TWO_POW_32 = 4_294_967_296;

/** What a frame's header says of its payload. */
export interface FrameHead {
  readonly sequence: number;
  /** Unix milliseconds. */
  readonly timeMs: number;
  readonly type: number;
  readonly version: number;
}

export interface Frame extends FrameHead {
  /** A view of the buffer that was decoded, not a copy. */
  readonly payload: Buffer;
  /** Bytes of the whole frame. */
  readonly bytes: number;
}

/** The header of the frame that ends a segment. */
export function sealHead(nextSequence: number): FrameHead {
  return { sequence: nextSequence, timeMs: 0, type: FRAME_SEAL, version: 0 };
}

/**
 * Completes a frame whose payload of `payloadBytes` already stands at
 * `offset + FRAME_HEADER_BYTES`.
 * @returns the offset just after the frame.
 */
export function closeFrame(
  buffer: Buffer,
  offset: number,
  head: FrameHead,
  payloadBytes: number,
): number {
  const end = offset + FRAME_HEADER_BYTES + payloadBytes;
  buffer.writeUInt32LE(payloadBytes, offset);
  writeUInt53(buffer, head.sequence, offset + SEQUENCE_OFFSET);
  writeUInt53(buffer, head.timeMs, offset + TIME_OFFSET);
  buffer.writeUInt8(head.type, offset + TYPE_OFFSET);
  buffer.writeUInt8(head.version, offset + VERSION_OFFSET);
  const checksum = crc32(buffer.subarray(offset + SEQUENCE_OFFSET, end), payloadBytes);
  buffer.writeUInt32LE(checksum, offset + CRC_OFFSET);
  return end;
}

// Two halves, because writeBigUInt64LE allocates a BigInt for every record of the hot path.
function writeUInt53(buffer: Buffer, value: number, offset: number): void {
  buffer.writeUInt32LE(value >>> 0, offset);
  buffer.writeUInt32LE(Math.floor(value / TWO_POW_32), offset + 4);
}

function readUInt53(buffer: Buffer, offset: number): number {
  return buffer.readUInt32LE(offset) + buffer.readUInt32LE(offset + 4) * TWO_POW_32;
}

/** `incomplete`: the bytes end before the frame does. Otherwise what is wrong with it. */
export type FrameFault = "incomplete" | "length" | "checksum" | "type";

/** Reads the frame at `offset`, of which nothing after `end` is looked at. */
export function decodeFrame(buffer: Buffer, offset: number, end: number): Frame | FrameFault {
  if (offset + FRAME_HEADER_BYTES > end) return "incomplete";
  const length = buffer.readUInt32LE(offset);
  if (length > MAX_PAYLOAD_BYTES) return "length";
  const frameEnd = offset + FRAME_HEADER_BYTES + length;
  if (frameEnd > end) return "incomplete";
  const checksum = crc32(buffer.subarray(offset + SEQUENCE_OFFSET, frameEnd), length);
  if (checksum !== buffer.readUInt32LE(offset + CRC_OFFSET)) return "checksum";
  const type = buffer.readUInt8(offset + TYPE_OFFSET);
  if (type !== FRAME_SEAL && recordTypeOf(type) === undefined) return "type";
  return {
    sequence: readUInt53(buffer, offset + SEQUENCE_OFFSET),
    timeMs: readUInt53(buffer, offset + TIME_OFFSET),
    type,
    version: buffer.readUInt8(offset + VERSION_OFFSET),
    payload: buffer.subarray(offset + FRAME_HEADER_BYTES, frameEnd),
    bytes: frameEnd - offset,
  };
}
