import { isJsonObject, type JsonObject } from "./json-value.ts";

const maxDepth = 8;

const stringsByFormat: Readonly<Record<string, string>> = {
  "date-time": "2024-01-02T03:04:05Z",
  date: "2024-01-02",
  time: "03:04:05Z",
  email: "simulator@example.com",
  uri: "https://example.com/simulator",
  uuid: "00000000-0000-4000-8000-000000000000",
};

const shellNames = new Set(["command", "cmd"]);

/**
 * Arguments that fit a tool's JSON Schema, the same for the same schema. Covers the keywords that
 * tool schemas use in practice; `not`, `pattern` and `if` are ignored.
 */
export function toolArguments(schema: JsonObject): JsonObject {
  const value = valueFor(schema, schema, "", 0);
  return isJsonObject(value) ? value : {};
}

/** The same for a schema of any type; one that says nothing is fitted by an empty object. */
export function fittingValue(schema: JsonObject): unknown {
  return Object.keys(schema).length === 0 ? {} : valueFor(schema, schema, "", 0);
}

function valueFor(root: JsonObject, schema: unknown, name: string, depth: number): unknown {
  if (!isJsonObject(schema) || depth > maxDepth) return "simulator";
  if ("const" in schema) return schema["const"];
  if (Array.isArray(schema["enum"]) && schema["enum"].length > 0) return schema["enum"][0];
  if (typeof schema["$ref"] === "string") {
    return valueFor(root, resolve(root, schema["$ref"]), name, depth + 1);
  }
  for (const keyword of ["anyOf", "oneOf", "allOf"]) {
    const options: unknown = schema[keyword];
    if (Array.isArray(options) && options.length > 0) {
      return valueFor(root, options[0], name, depth + 1);
    }
  }
  return valueOfType(root, schema, name, depth);
}

function valueOfType(root: JsonObject, schema: JsonObject, name: string, depth: number): unknown {
  const declared: unknown = Array.isArray(schema["type"]) ? schema["type"][0] : schema["type"];
  const type = declared ?? (isJsonObject(schema["properties"]) ? "object" : "string");
  switch (type) {
    case "object":
      return objectFor(root, schema, depth);
    case "array": {
      const length = Math.min(16, Math.max(1, numberAt(schema, "minItems") ?? 1));
      const item = valueFor(root, schema["items"] ?? {}, name, depth + 1);
      return Array.from({ length }, () => item);
    }
    case "integer":
    case "number":
      return numberFor(schema);
    case "boolean":
      return true;
    case "null":
      return null;
    default:
      return stringFor(schema, name);
  }
}

function objectFor(root: JsonObject, schema: JsonObject, depth: number): JsonObject {
  const properties = isJsonObject(schema["properties"]) ? schema["properties"] : {};
  const required = Array.isArray(schema["required"])
    ? schema["required"].filter((key: unknown) => typeof key === "string")
    : [];
  const names = required.length > 0 ? required : Object.keys(properties);
  return Object.fromEntries(
    names.map((key) => [key, valueFor(root, properties[key], key, depth + 1)]),
  );
}

function numberFor(schema: JsonObject): number {
  const exclusive = numberAt(schema, "exclusiveMinimum");
  const minimum = exclusive === null ? numberAt(schema, "minimum") : exclusive + 1;
  const maximum = numberAt(schema, "maximum");
  if (minimum !== null) return minimum;
  return maximum === null ? 1 : Math.min(1, maximum);
}

function stringFor(schema: JsonObject, name: string): string {
  const format: unknown = schema["format"];
  if (typeof format === "string" && Object.hasOwn(stringsByFormat, format)) {
    return stringsByFormat[format] ?? "";
  }
  const text = shellNames.has(name) ? "echo simulator" : "simulator";
  const minLength = Math.min(1024, numberAt(schema, "minLength") ?? 0);
  return text.padEnd(minLength, ".").slice(0, numberAt(schema, "maxLength") ?? undefined);
}

function numberAt(schema: JsonObject, keyword: string): number | null {
  const value: unknown = schema[keyword];
  return typeof value === "number" ? value : null;
}

function resolve(root: JsonObject, reference: string): unknown {
  if (!reference.startsWith("#/")) return {};
  let target: unknown = root;
  for (const key of reference.slice(2).split("/")) {
    target = isJsonObject(target) && Object.hasOwn(target, key) ? target[key] : {};
  }
  return target;
}
