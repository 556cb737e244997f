import { type JsonObject, parseBody } from "../dialects/json-body.ts";
import { canonicalDigest } from "./canonical-json.ts";

/** More than a tool takes; a rule on them is evaluated on the event loop. */
export const maxArgumentBytes = 262_144;
const maxDepth = 64;
const maxValues = 20_000;

export interface ReadArguments {
  readonly args: JsonObject;
  /** SHA-256 (hex) of their canonical form. */
  readonly digest: string;
}

/**
 * Reads the arguments of a tool call so that nobody could read them otherwise.
 *
 * @param text JSON; empty = none, as some models say it.
 * @returns what is wrong with them, as the end of a sentence, or the arguments.
 */
export function readArguments(text: string): ReadArguments | string {
  const bytes = Buffer.from(text.trim() === "" ? "{}" : text, "utf8");
  if (bytes.length > maxArgumentBytes) return `are larger than ${maxArgumentBytes} bytes`;
  let args: JsonObject;
  try {
    args = parseBody(bytes, []);
  } catch {
    return "are not one JSON object that everybody reads alike";
  }
  if (!isBounded(args)) return `are nested deeper than ${maxDepth} levels, or have too many values`;
  try {
    return { args, digest: canonicalDigest(args) };
  } catch {
    return "hold text that is not valid Unicode";
  }
}

function isBounded(root: JsonObject): boolean {
  const pending: [unknown, number][] = [[root, 1]];
  let values = 0;
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const [value, depth] = next;
    values += 1;
    if (depth > maxDepth || values > maxValues) return false;
    if (typeof value !== "object" || value === null) continue;
    for (const child of Object.values(value)) pending.push([child, depth + 1]);
  }
  return true;
}
