/**
 * The tools of a Responses request by the names under which policy sees them:
 * `name` for a function or a custom (free-text) tool, `namespace.name` for one nested in a
 * namespace, `mcp:<label>` and `mcp:<host or connector>` for a server that the provider calls (the
 * label is the caller's own invention), and its type for whatever else the provider hosts.
 */
import { objectsField, toolName } from "../fields.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json-body.ts";
import { Refusal } from "../../refusal.ts";

const MAX_DEPTH = 4;
const OWN_TYPES = new Set<unknown>(["function", "custom", "namespace", "mcp", undefined]);
/** Variants of one hosted tool: `web_search_preview_2025_03_11` is a `web_search` all the same. */
const VARIANT = /(?:_preview)?(?:_\d{4}_\d{2}_\d{2})?$/;

/** @throws Refusal WEIR_FIELD_INVALID for a tool that cannot be named */
export function toolNamesOf(tool: JsonObject): string[] {
  return namesBelow(tool, "", 0);
}

function namesBelow(tool: JsonObject, prefix: string, depth: number): string[] {
  if (depth > MAX_DEPTH) {
    throw new Refusal("WEIR_FIELD_INVALID", {
      message: `'tools' must not be nested deeper than ${MAX_DEPTH} namespaces.`,
    });
  }
  const own = tool["type"] === "namespace" ? [] : plainNames(tool);
  const inner = nestedTools(tool);
  const path = inner.length === 0 ? "" : pathOf(tool, prefix);
  const names = [
    ...own.map((name) => toolName(`${prefix}${name}`)),
    ...inner.flatMap((each) => namesBelow(each, path, depth + 1)),
  ];
  return names.length === 0 ? [toolName(`${prefix}${toolName(tool["name"])}`)] : names;
}

function nestedTools(tool: JsonObject): JsonObject[] {
  return objectsField(tool, "tools");
}

function pathOf(tool: JsonObject, prefix: string): string {
  return `${prefix}${toolName(tool["name"], tool["type"])}.`;
}

function plainNames(tool: JsonObject): string[] {
  if (tool["type"] === "mcp") return serverNames(tool);
  const called = tool["function"];
  // Compatible providers also take the tools of chat completions here.
  const given = [tool["name"], isJsonObject(called) ? called["name"] : undefined];
  if (!OWN_TYPES.has(tool["type"])) given.push(family(tool["type"]));
  const names = new Set(given.filter((name) => name !== undefined).map((name) => toolName(name)));
  return names.size === 0 ? [toolName()] : [...names];
}

function family(type: JsonValue | undefined): JsonValue | undefined {
  return typeof type === "string" ? type.replace(VARIANT, "") : type;
}

function serverNames(tool: JsonObject): string[] {
  const names = new Set([`mcp:${toolName(tool["server_label"])}`]);
  const { server_url: url, connector_id: connector, tunnel_id: tunnel } = tool;
  if ((url ?? null) !== null) names.add(`mcp:${hostOf(url)}`);
  for (const id of [connector, tunnel]) {
    if ((id ?? null) !== null) names.add(`mcp:${toolName(id)}`);
  }
  return [...names];
}

function hostOf(url: JsonValue | undefined): string {
  if (typeof url === "string" && URL.canParse(url)) return new URL(url).host;
  throw new Refusal("WEIR_FIELD_INVALID", {
    message: "'server_url' of a tool of type 'mcp' must be a URL.",
  });
}

/** What is left of a tool without the named ones; null when that is nothing. */
export function withoutTools(tool: JsonObject, stripped: ReadonlySet<string>): JsonObject | null {
  return without(tool, stripped, "");
}

function without(
  tool: JsonObject,
  stripped: ReadonlySet<string>,
  prefix: string,
): JsonObject | null {
  const isStripped = (name: string) => stripped.has(`${prefix}${name}`);
  const isNamespace = tool["type"] === "namespace";
  if (!isNamespace && plainNames(tool).some(isStripped)) return null;
  const all = nestedTools(tool);
  if (all.length === 0) return isNamespace && isStripped(toolName(tool["name"])) ? null : tool;
  const kept = all.map((inner) => without(inner, stripped, pathOf(tool, prefix)));
  if (kept.every((inner, index) => inner === all[index])) return tool;
  const left = kept.filter((inner) => inner !== null);
  return left.length === 0 ? null : { ...tool, tools: left };
}
