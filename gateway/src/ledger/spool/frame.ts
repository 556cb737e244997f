import { crc32 } from "node:zlib";

/**
 * A frame, little-endian:
 *
 *     offset  size  field
 *          0     4  length of the payload in bytes, 0 … MAX_PAYLOAD_BYTES
 *          4     4  CRC-32 (IEEE, as in zlib) of the sequence, type and payload, with the
 *                   length as its initial value, so that all four are covered
 *          8     8  sequence
 *         16     1  type: 0 seal, 1 call, 2 decision
 *         17     n  payload: JSON in UTF-8; empty in a seal
 *
 * A seal ends a segment: its sequence is the one that the next segment starts with, and higher
 * than the segment's own frames would have it only where recovery had to set frames aside.
 */
export const FRAME_HEADER_BYTES = 17;
/** An event is a few KB; the bound keeps readers safe from a damaged length. */
export const MAX_PAYLOAD_BYTES = 1_048_576;
export const MAX_FRAME_BYTES = FRAME_HEADER_BYTES + MAX_PAYLOAD_BYTES;

export const FRAME_SEAL = 0;
export const FRAME_CALL = 1;
export const FRAME_DECISION = 2;

const CRC_OFFSET = 4;
const SEQUENCE_OFFSET = 8;
const TYPE_OFFSET = 16;
const TWO_POW_32 = 4_294_967_296;

export interface Frame {
  readonly sequence: number;
  readonly type: number;
  /** A view of the buffer that was decoded, not a copy. */
  readonly payload: Buffer;
  /** Bytes of the whole frame. */
  readonly bytes: number;
}

/**
 * Completes a frame whose payload of `payloadBytes` already stands at
 * `offset + FRAME_HEADER_BYTES`.
 * @returns the offset just after the frame.
 */
export function sealFrame(
  buffer: Buffer,
  offset: number,
  sequence: number,
  type: number,
  payloadBytes: number,
): number {
  const end = offset + FRAME_HEADER_BYTES + payloadBytes;
  buffer.writeUInt32LE(payloadBytes, offset);
  // Two halves, because writeBigUInt64LE allocates a BigInt for every record of the hot path.
  buffer.writeUInt32LE(sequence >>> 0, offset + SEQUENCE_OFFSET);
  buffer.writeUInt32LE(Math.floor(sequence / TWO_POW_32), offset + SEQUENCE_OFFSET + 4);
  buffer.writeUInt8(type, offset + TYPE_OFFSET);
  const checksum = crc32(buffer.subarray(offset + SEQUENCE_OFFSET, end), payloadBytes);
  buffer.writeUInt32LE(checksum, offset + CRC_OFFSET);
  return end;
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
  if (type > FRAME_DECISION) return "type";
  const sequence =
    buffer.readUInt32LE(offset + SEQUENCE_OFFSET) +
    buffer.readUInt32LE(offset + SEQUENCE_OFFSET + 4) * TWO_POW_32;
  const payload = buffer.subarray(offset + FRAME_HEADER_BYTES, frameEnd);
  return { sequence, type, payload, bytes: frameEnd - offset };
}
