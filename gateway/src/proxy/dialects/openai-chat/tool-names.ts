import { toolName } from "../fields.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json-body.ts";

/** `web_search_options` switches a hosted tool on without listing it under `tools`. */
export const WEB_SEARCH = "web_search";

const OWN_TYPES = new Set<unknown>(["function", "custom", undefined]);

/**
 * Every name by which a provider could take an entry of `tools`: which member it reads depends on
 * the type, so policy sees them all. What the provider hosts goes by its type.
 * @throws Refusal WEIR_FIELD_INVALID for a tool without any name
 */
export function chatToolNames(tool: JsonObject): string[] {
  const given = [nameIn(tool["function"]), nameIn(tool["custom"]), tool["name"]];
  if (!OWN_TYPES.has(tool["type"])) given.push(tool["type"]);
  const names = new Set(given.filter((name) => name !== undefined).map((name) => toolName(name)));
  return names.size === 0 ? [toolName()] : [...names];
}

/** The name of an entry of `functions`. @throws Refusal WEIR_FIELD_INVALID */
export function functionName(entry: JsonObject): string {
  return toolName(entry["name"]);
}

function nameIn(value: JsonValue | undefined): JsonValue | undefined {
  return isJsonObject(value) ? value["name"] : undefined;
}
