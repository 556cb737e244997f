/** Reads typed members of a body that is to be translated; `where` is the object's path. */
import { isJsonObject, type JsonObject, type JsonValue } from "../dialects/json-body.ts";
import { Refusal } from "../refusal.ts";

export function invalidMember(path: string, expected: string): Refusal {
  return new Refusal("WEIR_FIELD_INVALID", { message: `'${path}' must be ${expected}.` });
}

export function optionalString(
  object: JsonObject,
  member: string,
  where: string,
): string | undefined {
  const value = object[member] ?? undefined;
  if (value === undefined || typeof value === "string") return value;
  throw invalidMember(`${where}${member}`, "a string");
}

export function requiredString(object: JsonObject, member: string, where: string): string {
  const value = optionalString(object, member, where);
  if (value === undefined) throw invalidMember(`${where}${member}`, "a string");
  return value;
}

export function optionalNumber(
  object: JsonObject,
  member: string,
  where: string,
): number | undefined {
  const value = object[member] ?? undefined;
  if (value === undefined || typeof value === "number") return value;
  throw invalidMember(`${where}${member}`, "a number");
}

export function optionalBoolean(
  object: JsonObject,
  member: string,
  where: string,
): boolean | undefined {
  const value = object[member] ?? undefined;
  if (value === undefined || typeof value === "boolean") return value;
  throw invalidMember(`${where}${member}`, "true or false");
}

export function optionalObject(
  object: JsonObject,
  member: string,
  where: string,
): JsonObject | undefined {
  const value = object[member] ?? undefined;
  if (value === undefined || isJsonObject(value)) return value;
  throw invalidMember(`${where}${member}`, "an object");
}

export function requiredObject(object: JsonObject, member: string, where: string): JsonObject {
  const value = optionalObject(object, member, where);
  if (value === undefined) throw invalidMember(`${where}${member}`, "an object");
  return value;
}

/** A list of objects; absent and null count as empty. */
export function objectList(value: JsonValue | undefined, path: string): JsonObject[] {
  if (value === undefined || value === null) return [];
  if (Array.isArray(value) && value.every(isJsonObject)) return value;
  throw invalidMember(path, "a list of objects");
}

export function stringList(value: JsonValue | undefined, path: string): string[] | undefined {
  if (value === undefined || value === null) return undefined;
  if (Array.isArray(value) && value.every((entry) => typeof entry === "string")) return value;
  throw invalidMember(path, "a list of strings");
}
