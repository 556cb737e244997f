import { hash } from "node:crypto";
import { POSITION_COLUMNS } from "../../ledger/rows/layout.ts";
import { ID_BYTES } from "./entry.ts";

const UUID_TEXT_BYTES = 36;
const TAB = 0x09;
const DASH = 0x2d;

/** The 16 bytes that stand for an id: a UUID's own, else the first of its SHA-256. */
export function idBytes(id: string): Buffer {
  const target = Buffer.alloc(ID_BYTES);
  const bytes = Buffer.from(id);
  writeId(bytes, 0, bytes.length, target, 0);
  return target;
}

/** Writes {@link idBytes} of the `id` column of a row's line: the one after its position. */
export function writeIdOf(line: Buffer, target: Buffer, offset: number): void {
  let start = 0;
  for (let column = 0; column < POSITION_COLUMNS.length; column += 1)
    start = line.indexOf(TAB, start) + 1;
  const tab = line.indexOf(TAB, start);
  writeId(line, start, tab === -1 ? line.length : tab, target, offset);
}

function writeId(text: Buffer, start: number, end: number, target: Buffer, offset: number): void {
  if (end - start === UUID_TEXT_BYTES && writeUuid(text, start, target, offset)) return;
  const digest = hash("sha256", text.subarray(start, end), "binary");
  target.write(digest.slice(0, ID_BYTES), offset, "binary");
}

function writeUuid(text: Buffer, start: number, target: Buffer, offset: number): boolean {
  let at = offset;
  for (let index = 0; index < UUID_TEXT_BYTES; index += 2) {
    if (index === 8 || index === 13 || index === 18 || index === 23) {
      if (text[start + index] !== DASH) return false;
      index += 1;
    }
    const value = (nibble(text[start + index]) << 4) | nibble(text[start + index + 1]);
    if (value < 0) return false;
    target[at] = value;
    at += 1;
  }
  return true;
}

// -1 makes the byte negative, whichever half it is. Capitals are another text, so no UUID here.
function nibble(code: number | undefined): number {
  if (code === undefined) return -1;
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  if (code >= 0x61 && code <= 0x66) return code - 0x57;
  return -1;
}

const version7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

/** Unix milliseconds in a version 7 UUID (RFC 9562 §5.7); null for any other id. */
export function uuidTimeMs(id: string): number | null {
  if (!version7.test(id)) return null;
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
