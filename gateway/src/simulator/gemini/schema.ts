import { isJsonObject, type JsonObject } from "../json-value.ts";

const maxDepth = 16;

/** Google's schemas name types in capitals; as JSON Schema they are in lower case. */
export function jsonSchemaOf(schema: JsonObject): JsonObject {
  const converted = convert(schema, 0);
  return isJsonObject(converted) ? converted : {};
}

function convert(value: unknown, depth: number): unknown {
  if (depth > maxDepth) return {};
  if (Array.isArray(value)) return value.map((item: unknown) => convert(item, depth + 1));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      name === "type" && typeof member === "string"
        ? member.toLowerCase()
        : // What an enumeration or an example holds is data.
          data.has(name)
          ? member
          : convert(member, depth + 1),
    ]),
  );
}

const data = new Set(["enum", "const", "default", "example", "required"]);
