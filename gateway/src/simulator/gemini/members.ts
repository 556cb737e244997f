import type { JsonObject } from "../json-value.ts";

/** A member in either of the spellings that Google takes: `toolConfig` or `tool_config`. */
export function memberOf(object: JsonObject, name: string): unknown {
  return object[name] ?? object[name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
}

/** Where a list is expected, Google takes a single one as well. */
export function listOf(value: unknown): unknown {
  return value === undefined || value === null || Array.isArray(value) ? value : [value];
}
