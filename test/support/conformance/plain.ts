import { hash } from "node:crypto";
import { isOfTheHop } from "./headers-of-the-hop.ts";

const MAX_DEPTH = 24;

/** What of two runs differs although they are alike. */
export interface Unlike {
  /** Where the client called, without a path. */
  readonly origin: string;
}

/**
 * What a client handed to its caller, as plain data that can be compared: errors with their classes,
 * headers as records, bytes as digests. Left out are functions, stacks, headers of one hop and
 * Weir's own; the origin and the running numbers of request ids are made equal.
 */
export function plain(value: unknown, unlike: Unlike, depth = 0): unknown {
  if (typeof value === "string") return alike(value, unlike);
  if (typeof value === "function" || typeof value === "symbol") return undefined;
  if (typeof value !== "object" || value === null) return value;
  if (depth > MAX_DEPTH) return "…";
  const inside = (member: unknown) => plain(member, unlike, depth + 1);
  if (Array.isArray(value)) return value.map(inside);
  if (value instanceof Headers) return headersOf([...value], unlike);
  if (value instanceof URL) return alike(value.href, unlike);
  if (value instanceof ArrayBuffer) return digestOf(Buffer.from(value));
  if (value instanceof Uint8Array) return digestOf(value);
  if (value instanceof Response) {
    return { status: value.status, headers: headersOf([...value.headers], unlike) };
  }
  if (value instanceof Error) {
    const { message, cause } = value;
    const more = cause === undefined ? {} : { cause: inside(cause) };
    return {
      classes: classesOf(value),
      message: inside(message),
      ...membersOf(value, inside),
      ...more,
    };
  }
  return membersOf(value, inside);
}

function membersOf(value: object, inside: (member: unknown) => unknown): Record<string, unknown> {
  const members: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(value)) {
    if (name === "stack" || isWeirs(name) || isOfTheHop(name)) continue;
    const shown = inside(member);
    if (shown !== undefined) members[name] = shown;
  }
  // The OpenAI and Anthropic packages hide the request id from enumeration.
  const requestId: unknown = Reflect.get(value, "_request_id");
  if (typeof requestId === "string") members["_request_id"] = inside(requestId);
  return members;
}

function headersOf(
  entries: readonly (readonly [string, string])[],
  unlike: Unlike,
): Record<string, unknown> {
  return membersOf(Object.fromEntries(entries), (value) => plain(value, unlike));
}

function isWeirs(name: string): boolean {
  return name.startsWith("x-weir-");
}

function alike(text: string, { origin }: Unlike): string {
  return text
    .replaceAll(origin, "http://provider")
    .replaceAll(new URL(origin).host, "provider")
    .replaceAll(/(req_[0-9a-f]{24})_\d+/g, "$1_n");
}

function classesOf(error: Error): string[] {
  const classes: string[] = [];
  let prototype: unknown = Object.getPrototypeOf(error);
  while (typeof prototype === "object" && prototype !== null && prototype !== Object.prototype) {
    classes.push(prototype.constructor.name);
    prototype = Object.getPrototypeOf(prototype);
  }
  return classes;
}

function digestOf(bytes: Uint8Array): object {
  return { bytes: bytes.byteLength, sha256: hash("sha256", bytes) };
}
