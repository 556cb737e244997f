import { boundedToolNames, toolName } from "../fields.ts";
import type { JsonObject, JsonValue, MemberEdit } from "../json-body.ts";
import { Refusal } from "../../refusal.ts";
import { camelCase, memberOf, objectIn, objectsIn, snakeCase, spellingOf } from "./members.ts";

const DECLARATIONS = "functionDeclarations";
const MCP_SERVERS = "mcpServers";

/**
 * Names for policy of everything that a request lets the model use. Tools that run at Google go by
 * their member's name, `googleSearch`, and MCP servers that Google is to call as `mcp:<name>`.
 *
 * @throws Refusal WEIR_FIELD_INVALID, WEIR_BODY_AMBIGUOUS
 */
export function geminiToolNames(body: JsonObject): string[] {
  return boundedToolNames(objectsIn(body, "tools").flatMap(namesIn));
}

function namesIn(tool: JsonObject): string[] {
  return hostedIn(tool).flatMap((kind) => {
    if (kind === DECLARATIONS) return objectsIn(tool, DECLARATIONS).map(declaredName);
    if (kind === MCP_SERVERS) return objectsIn(tool, MCP_SERVERS).map(serverName);
    return [toolName(kind)];
  });
}

function declaredName(declaration: JsonObject): string {
  return toolName(declaration["name"]);
}

function serverName(server: JsonObject): string {
  return `mcp:${toolName(server["name"])}`;
}

/** What one entry of `tools` switches on, in camel case; null is the same as absent. */
function hostedIn(tool: JsonObject): string[] {
  const kinds = Object.keys(tool).map(camelCase);
  const twice = kinds.find((kind, at) => kinds.indexOf(kind) !== at);
  if (twice !== undefined) {
    throw new Refusal("WEIR_BODY_AMBIGUOUS", {
      message: `'${twice}' and '${snakeCase(twice)}' are the same tool; send one of them.`,
    });
  }
  return kinds.filter((_kind, at) => Object.values(tool)[at] !== null);
}

/** Takes tools out, and the choice among them where none is left to choose from. */
export function stripGeminiTools(body: JsonObject, names: ReadonlySet<string>): MemberEdit[] {
  const all = objectsIn(body, "tools");
  if (!all.flatMap(namesIn).some((name) => names.has(name))) return [];
  const kept = all
    .map((tool) => withoutTools(tool, names))
    .filter((tool) => Object.keys(tool).length > 0);
  const declared = kept.flatMap((tool) => objectsIn(tool, DECLARATIONS)).map(declaredName);
  return [
    { member: "tools", json: kept.length === 0 ? null : JSON.stringify(kept) },
    ...choiceEdits(body, kept.length > 0, new Set(declared)),
  ];
}

function withoutTools(tool: JsonObject, names: ReadonlySet<string>): JsonObject {
  const kept: JsonObject = {};
  for (const [member, value] of Object.entries(tool)) {
    const kind = camelCase(member);
    const left = keptOf(tool, kind, value, names);
    if (left !== undefined) kept[member] = left;
  }
  return kept;
}

function keptOf(
  tool: JsonObject,
  kind: string,
  value: JsonValue | undefined,
  names: ReadonlySet<string>,
): JsonValue | undefined {
  if (kind !== DECLARATIONS && kind !== MCP_SERVERS) return names.has(kind) ? undefined : value;
  const nameOf = kind === DECLARATIONS ? declaredName : serverName;
  const left = objectsIn(tool, kind).filter((entry) => !names.has(nameOf(entry)));
  return left.length === 0 ? undefined : left;
}

/** Google refuses a choice of functions that are not declared. */
function choiceEdits(
  body: JsonObject,
  hasTools: boolean,
  declared: ReadonlySet<string>,
): MemberEdit[] {
  const member = spellingOf(body, "toolConfig");
  const config = objectIn(body, "toolConfig");
  if (member === null || config === null) return [];
  if (!hasTools) return [{ member, json: null }];
  const calling = objectIn(config, "functionCallingConfig");
  if (calling === null) return [];
  const allowed = memberOf(calling, "allowedFunctionNames");
  const left = Array.isArray(allowed) ? allowed.filter((name) => isIn(declared, name)) : null;
  if (declared.size > 0 && left === null) return [];
  const changed = { ...config };
  const callingMember = spellingOf(config, "functionCallingConfig") ?? "functionCallingConfig";
  if (declared.size === 0 || left?.length === 0) delete changed[callingMember];
  else {
    const allowedMember = spellingOf(calling, "allowedFunctionNames") ?? "allowedFunctionNames";
    changed[callingMember] = { ...calling, [allowedMember]: left ?? [] };
  }
  return [{ member, json: JSON.stringify(changed) }];
}

function isIn(declared: ReadonlySet<string>, name: JsonValue): boolean {
  return typeof name === "string" && declared.has(name);
}
