import { crc32 } from "node:zlib";
import { HASH_BYTES } from "../merkle/hash.ts";

/**
 * An entry, little-endian:
 *
 *     offset  size  field
 *          0     4  CRC-32 (IEEE) of the other 76 bytes
 *          4     1  table: 1 decisions, 2 admin_log, 3 access_log
 *          5     1  0
 *          6     2  layout version of the row's line
 *          8     8  time of the event, Unix milliseconds
 *         16     8  source: the first 8 bytes of SHA-256 of "<spool id>@<epoch>"
 *         24     8  sequence in that source
 *         32    16  id: the bytes of a UUID, else the first 16 bytes of SHA-256 of the id
 *         48    32  leaf hash: SHA-256(0x00 || "<table>/<layout>\t<line>")
 */
export const ENTRY_BYTES = 80;
/** The part before the leaf hash, which the entries tree covers; the leaf tree covers the hash. */
export const META_BYTES = 48;
export const ID_BYTES = 16;
export const SOURCE_BYTES = 8;
export const LEAF_OFFSET = META_BYTES;

const TABLE_OFFSET = 4;
const LAYOUT_OFFSET = 6;
const TIME_OFFSET = 8;
const SOURCE_OFFSET = 16;
const SEQUENCE_OFFSET = 24;
const ID_OFFSET = 32;
const TWO_POW_32 = 4_294_967_296;

const tables = ["decisions", "admin_log", "access_log"] as const;

/** A table whose rows are leaves. */
export type AuditTable = (typeof tables)[number];

export interface AuditEntry {
  readonly table: AuditTable;
  readonly layout: number;
  /** Unix milliseconds. */
  readonly atMs: number;
  /** See {@link sourceRef}; in hex. */
  readonly source: string;
  readonly sequence: number;
  /** 16 bytes in hex. */
  readonly id: string;
  readonly leafHash: Buffer;
}

export function isAuditTable(name: string): name is AuditTable {
  return tables.some((table) => table === name);
}

interface EntryFields {
  readonly table: AuditTable;
  readonly layout: number;
  readonly atMs: number;
  readonly sequence: number;
}

/**
 * Completes the entry at `offset`, where id and leaf hash stand already.
 * @param source the 8 bytes of {@link sourceRef}.
 */
export function sealEntry(buffer: Buffer, offset: number, fields: EntryFields, source: Buffer) {
  buffer.writeUInt8(tables.indexOf(fields.table) + 1, offset + TABLE_OFFSET);
  buffer.writeUInt8(0, offset + TABLE_OFFSET + 1);
  buffer.writeUInt16LE(fields.layout, offset + LAYOUT_OFFSET);
  write64(buffer, offset + TIME_OFFSET, Math.max(0, Math.trunc(fields.atMs)));
  source.copy(buffer, offset + SOURCE_OFFSET, 0, SOURCE_BYTES);
  write64(buffer, offset + SEQUENCE_OFFSET, fields.sequence);
  buffer.writeUInt32LE(checksumOf(buffer, offset), offset);
}

/** Where in an entry its id goes. */
export function idOffset(offset: number): number {
  return offset + ID_OFFSET;
}

/** Whether the entry at `offset` is whole: its checksum fits and its table is a known one. */
export function isEntry(buffer: Buffer, offset: number): boolean {
  const table = buffer.readUInt8(offset + TABLE_OFFSET);
  if (table < 1 || table > tables.length) return false;
  return buffer.readUInt32LE(offset) === checksumOf(buffer, offset);
}

/** Reads a whole entry (see {@link isEntry}); the leaf hash is a copy. */
export function readEntry(buffer: Buffer, offset: number): AuditEntry {
  return {
    table: tableAt(buffer, offset),
    layout: layoutAt(buffer, offset),
    atMs: timeAt(buffer, offset),
    source: sourceAt(buffer, offset),
    sequence: sequenceAt(buffer, offset),
    id: buffer.toString("hex", offset + ID_OFFSET, offset + ID_OFFSET + ID_BYTES),
    leafHash: Buffer.from(buffer.subarray(offset + LEAF_OFFSET, offset + LEAF_OFFSET + HASH_BYTES)),
  };
}

export function tableAt(buffer: Buffer, offset: number): AuditTable {
  return tables[buffer.readUInt8(offset + TABLE_OFFSET) - 1] ?? "decisions";
}

export function layoutAt(buffer: Buffer, offset: number): number {
  return buffer.readUInt16LE(offset + LAYOUT_OFFSET);
}

export function timeAt(buffer: Buffer, offset: number): number {
  return read64(buffer, offset + TIME_OFFSET);
}

export function sequenceAt(buffer: Buffer, offset: number): number {
  return read64(buffer, offset + SEQUENCE_OFFSET);
}

export function sourceAt(buffer: Buffer, offset: number): string {
  return buffer.toString("hex", offset + SOURCE_OFFSET, offset + SOURCE_OFFSET + SOURCE_BYTES);
}

/** Whether the id of the entry at `offset` is that of {@link idBytes}. */
export function hasId(buffer: Buffer, offset: number, id: Buffer): boolean {
  const start = offset + ID_OFFSET;
  return buffer.compare(id, 0, ID_BYTES, start, start + ID_BYTES) === 0;
}

function checksumOf(buffer: Buffer, offset: number): number {
  return crc32(buffer.subarray(offset + TABLE_OFFSET, offset + ENTRY_BYTES));
}

// In two halves, because the 64-bit methods make a BigInt each time.
function write64(buffer: Buffer, offset: number, value: number): void {
  buffer.writeUInt32LE(value % TWO_POW_32, offset);
  buffer.writeUInt32LE(Math.floor(value / TWO_POW_32), offset + 4);
}

function read64(buffer: Buffer, offset: number): number {
  return buffer.readUInt32LE(offset) + buffer.readUInt32LE(offset + 4) * TWO_POW_32;
}
