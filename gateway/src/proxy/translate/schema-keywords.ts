import { isJsonObject, type JsonObject, type JsonValue } from "../dialects/json-body.ts";
import { notTranslatable } from "./fate.ts";

/** Anthropic's constrained decoding has none of these, and the AI SDK leaves them out unsaid. */
const inexpressible = new Set([
  "if",
  "then",
  "else",
  "contains",
  "minContains",
  "maxContains",
  "prefixItems",
  "additionalItems",
  "propertyNames",
  "dependentRequired",
  "dependentSchemas",
  "dependencies",
  "unevaluatedItems",
  "unevaluatedProperties",
]);

/** Keywords whose children are names of the caller's choosing. */
const named = new Set(["properties", "patternProperties", "$defs", "definitions"]);
/** Keywords whose value is data, not schema. */
const data = new Set(["const", "enum", "default", "examples", "required"]);

function check(schema: JsonObject, path: string): void {
  for (const [keyword, value] of Object.entries(schema)) {
    if (inexpressible.has(keyword)) {
      throw notTranslatable(
        `${path}.${keyword}`,
        "Anthropic has no such constraint; leave it out.",
      );
    }
    if (data.has(keyword)) continue;
    if (named.has(keyword) && isJsonObject(value)) {
      for (const [name, child] of Object.entries(value)) visit(child, `${path}.${keyword}.${name}`);
    } else visit(value, `${path}.${keyword}`);
  }
}

function visit(value: JsonValue | undefined, path: string): void {
  if (Array.isArray(value)) value.forEach((entry, at) => visit(entry, `${path}[${at}]`));
  else if (isJsonObject(value)) check(value, path);
}

/** @throws Refusal WEIR_NOT_TRANSLATABLE naming the keyword */
export function requireAnthropicSchema(schema: JsonObject, path: string): void {
  check(schema, path);
}
