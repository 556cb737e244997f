import { hash } from "node:crypto";

export const HASH_BYTES = 32;

/** The root of a tree without leaves (RFC 9162 §2.1.1). */
export const emptyRoot: Buffer = hash("sha256", "", "buffer");

/** SHA-256(0x00 || data), the hash of a leaf (RFC 9162 §2.1.1). */
export function leafHash(data: Uint8Array): Buffer {
  return hash("sha256", Buffer.concat([leafPrefix, data]), "buffer");
}

/** SHA-256(0x01 || left || right), the hash of a node over two subtrees (RFC 9162 §2.1.1). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  return hash("sha256", Buffer.concat([nodePrefix, left, right]), "buffer");
}

/** Writes SHA-256(data) into `target`; `data` may hold the place that is written to. */
// A digest as latin1 text costs a third of one in a buffer of its own.
export function writeHash(data: Buffer, target: Buffer, offset: number): void {
  target.write(hash("sha256", data, "binary"), offset, "binary");
}

const leafPrefix = Buffer.from([0]);
const nodePrefix = Buffer.from([1]);
