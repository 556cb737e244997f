/**
 * Reading members as Google's JSON parser does: it takes both `functionDeclarations` and
 * `function_declarations` (proto3 JSON mapping), and one object where a list is expected.
 */
import { Refusal } from "../../refusal.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json-body.ts";

export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_whole, letter: string) => letter.toUpperCase());
}

/**
 * The spelling in which an object has a member, or null if it has neither.
 * @throws Refusal WEIR_BODY_AMBIGUOUS if it has both: which one counts is the provider's secret.
 */
export function spellingOf(object: JsonObject, name: string): string | null {
  const snake = snakeCase(name);
  const hasCamel = Object.hasOwn(object, name);
  const hasSnake = snake !== name && Object.hasOwn(object, snake);
  if (hasCamel && hasSnake) {
    throw new Refusal("WEIR_BODY_AMBIGUOUS", {
      message: `'${name}' and '${snake}' are the same member; send one of them.`,
    });
  }
  if (hasCamel) return name;
  return hasSnake ? snake : null;
}

/** A member's value in either spelling. @throws Refusal WEIR_BODY_AMBIGUOUS */
export function memberOf(object: JsonObject, name: string): JsonValue | undefined {
  const spelling = spellingOf(object, name);
  return spelling === null ? undefined : object[spelling];
}

/** @throws Refusal WEIR_FIELD_INVALID, WEIR_BODY_AMBIGUOUS */
export function objectIn(object: JsonObject, name: string): JsonObject | null {
  const value = memberOf(object, name) ?? null;
  if (value === null) return null;
  if (!isJsonObject(value)) throw invalid(name, "an object");
  return value;
}

/** Absent and null count as empty. @throws Refusal WEIR_FIELD_INVALID, WEIR_BODY_AMBIGUOUS */
export function objectsIn(object: JsonObject, name: string): JsonObject[] {
  const value = memberOf(object, name) ?? [];
  const list = Array.isArray(value) ? value : [value];
  if (!list.every(isJsonObject)) throw invalid(name, "a list of objects");
  return list;
}

export function invalid(name: string, expected: string): Refusal {
  return new Refusal("WEIR_FIELD_INVALID", { message: `'${name}' must be ${expected}.` });
}
