/**
 * Reads and edits a JSON request body without re-serialising what it does not change: a
 * re-serialised body loses number spellings and breaks signatures and prefix caches.
 */
import { isUtf8 } from "node:buffer";
import { Refusal } from "../refusal.ts";

export type JsonValue = null | boolean | number | string | JsonValue[] | JsonObject;
export interface JsonObject {
  [member: string]: JsonValue | undefined;
}

/** `json: null` removes the member; otherwise it is set to that JSON text. */
export interface MemberEdit {
  member: string;
  json: string | null;
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;

/** Index of the quote that ends the string which begins at `open`. */
function endOfString(bytes: Buffer, open: number): number {
  let close = bytes.indexOf(QUOTE, open + 1);
  while (close !== -1) {
    let backslashes = 0;
    while (bytes[close - 1 - backslashes] === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return close;
    close = bytes.indexOf(QUOTE, close + 1);
  }
  return bytes.length;
}

/** Deeper than any API allows, and shallow enough for whatever recurses over a body. */
const MAX_DEPTH = 256;

/** More than any model reads. What is parsed takes up to forty times its bytes, and as much time. */
const MAX_VALUES = 500_000;

/** Memory that a value takes once it is parsed, more or less. */
const BYTES_PER_VALUE = 64;

/**
 * How many members and values a text has, told from its punctuation before anything is built of it.
 *
 * @throws Refusal WEIR_BODY_TOO_COMPLEX
 */
function countInText(bytes: Buffer): { members: number; values: number } {
  let members = 0;
  let values = 1;
  let depth = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte === QUOTE) at = endOfString(bytes, at);
    else if (byte === COLON) members += 1;
    else if (byte === COMMA) values += 1;
    else if (byte === 0x7b || byte === 0x5b) {
      values += 1;
      depth += 1;
      if (depth > MAX_DEPTH) throw tooComplex(`is nested more than ${MAX_DEPTH} levels deep`);
    } else if (byte === 0x7d || byte === 0x5d) depth -= 1;
  }
  if (values > MAX_VALUES) throw tooComplex(`has more than ${MAX_VALUES} values`);
  return { members, values };
}

function tooComplex(what: string): Refusal {
  return new Refusal("WEIR_BODY_TOO_COMPLEX", { message: `The request body ${what}.` });
}

function countMembers(root: JsonValue): number {
  let members = 0;
  const pending: JsonValue[] = [root];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value !== "object" || value === null) continue;
    const children = Array.isArray(value) ? value : Object.values(value);
    if (!Array.isArray(value)) members += children.length;
    for (const child of children) {
      if (typeof child === "object" && child !== null) pending.push(child);
    }
  }
  return members;
}

/** As a reader would take a name that disregards case: Go's takes `toolſ` and `to\u212Aens` too. */
function folded(name: string): string {
  return name.toUpperCase().toLowerCase();
}

/**
 * Parses a request body and makes sure that every parser would read the same from it: a member
 * that stands twice is kept once by JSON.parse but perhaps the other way by the provider, and
 * some providers match member names without regard to case.
 *
 * @param room where the parsed body takes its place among those of all calls
 * @throws Refusal WEIR_BODY_NOT_JSON, WEIR_BODY_AMBIGUOUS, WEIR_BODY_TOO_COMPLEX, or what `room` throws
 */
export function parseBody(
  bytes: Buffer,
  governedMembers: readonly string[],
  room?: { take(bytes: number): void },
): JsonObject {
  if (!isUtf8(bytes)) throw new Refusal("WEIR_BODY_NOT_JSON");
  const inText = countInText(bytes);
  room?.take(inText.values * BYTES_PER_VALUE);
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8"));
  } catch (cause) {
    throw new Refusal("WEIR_BODY_NOT_JSON", { cause });
  }
  if (!isJsonObject(value)) throw new Refusal("WEIR_BODY_NOT_JSON");
  if (inText.members !== countMembers(value)) {
    throw new Refusal("WEIR_BODY_AMBIGUOUS", {
      message: "A member stands twice in one object of the request body; send each once.",
    });
  }
  for (const member of Object.keys(value)) {
    const lower = folded(member);
    if (member !== lower && governedMembers.includes(lower)) {
      throw new Refusal("WEIR_BODY_AMBIGUOUS", {
        message: `Write the member '${lower}' in lower case.`,
      });
    }
  }
  return value;
}

interface MemberSpan {
  name: string;
  nameStart: number;
  valueStart: number;
  valueEnd: number;
}

/** Byte spans of the members of the outermost object, in order. `bytes` must be valid JSON. */
function topLevelMembers(bytes: Buffer): MemberSpan[] {
  const spans: MemberSpan[] = [];
  let depth = 0;
  let nameStart = -1;
  let nameEnd = -1;
  let valueStart = -1;
  const endValue = (end: number) => {
    if (valueStart === -1) return;
    const name: unknown = JSON.parse(bytes.toString("utf8", nameStart, nameEnd + 1));
    spans.push({ name: String(name), nameStart, valueStart, valueEnd: end });
    valueStart = -1;
  };
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      const end = endOfString(bytes, at);
      if (depth === 1 && valueStart === -1) [nameStart, nameEnd] = [at, end];
      at = end;
    } else if (byte === 0x7b || byte === 0x5b) depth += 1;
    else if (byte === 0x7d || byte === 0x5d) {
      depth -= 1;
      if (depth === 0) endValue(at);
    } else if (depth === 1 && byte === COLON) valueStart = at + 1;
    else if (depth === 1 && byte === COMMA) endValue(at);
  }
  return spans;
}

/** Applies edits to top-level members, one after the other; every other byte stays as it is. */
export function editMembers(bytes: Buffer, edits: readonly MemberEdit[]): Buffer {
  return edits.reduce(editMember, bytes);
}

function editMember(bytes: Buffer, edit: MemberEdit): Buffer {
  const spans = topLevelMembers(bytes);
  const index = spans.findIndex((span) => span.name === edit.member);
  const found = spans[index];
  if (edit.json === null) {
    if (found === undefined) return bytes;
    const next = spans[index + 1];
    const previous = spans[index - 1];
    const from = next === undefined && previous !== undefined ? previous.valueEnd : found.nameStart;
    return splice(bytes, from, next?.nameStart ?? found.valueEnd, "");
  }
  if (found !== undefined) return splice(bytes, found.valueStart, found.valueEnd, edit.json);
  const close = bytes.lastIndexOf("}");
  const comma = spans.length === 0 ? "" : ",";
  return splice(bytes, close, close, `${comma}${JSON.stringify(edit.member)}:${edit.json}`);
}

function splice(bytes: Buffer, from: number, to: number, text: string): Buffer {
  return Buffer.concat([bytes.subarray(0, from), Buffer.from(text), bytes.subarray(to)]);
}
