import type { JsonValue } from "../dialects/json-body.ts";
import { notTranslatable } from "./fate.ts";

/**
 * Refuses whole numbers with more digits than a double keeps: translated arguments are parsed and
 * written anew, and an identifier must not change on the way.
 *
 * @throws Refusal WEIR_NOT_TRANSLATABLE
 */
export function requireExactNumbers(root: JsonValue, path: string): void {
  const pending: JsonValue[] = [root];
  for (let value = pending.pop(); value !== undefined; value = pending.pop()) {
    if (typeof value === "number" && Number.isInteger(value) && !Number.isSafeInteger(value)) {
      throw notTranslatable(path, "it holds a number of more than 15 digits; send it as a string.");
    }
    if (typeof value !== "object" || value === null) continue;
    const children = Array.isArray(value) ? value : Object.values(value);
    for (const child of children) if (child !== undefined) pending.push(child);
  }
}
