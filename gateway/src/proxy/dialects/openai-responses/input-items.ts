import { Refusal } from "../../refusal.ts";
import { objectsField, toolName } from "../fields.ts";
import { isJsonObject, type JsonObject } from "../json-body.ts";
import { encryptedStateId } from "./state-ids.ts";
import { toolNamesOf } from "./tools.ts";

/** A call's row has a bounded size; the newest state is what a provider must know. */
const STATE_IDS_MAX = 64;

/** What the server told of its tools earlier: they can be called only where they are offered anew. */
const LISTING = "mcp_list_tools";

/** The items of `input`; a plain text counts as one message. @throws Refusal WEIR_FIELD_INVALID */
export function inputItems(body: JsonObject): JsonObject[] {
  const input = body["input"] ?? [];
  if (typeof input === "string") return [{ type: "message", role: "user" }];
  if (Array.isArray(input) && input.every(isJsonObject)) return input;
  throw new Refusal("WEIR_FIELD_INVALID", {
    message: "'input' must be a text or a list of objects.",
  });
}

/** Whether an item brings tools of its own, as `additional_tools` and `tool_search_output` do. */
export function bringsTools(item: JsonObject): boolean {
  return (item["tools"] ?? null) !== null && item["type"] !== LISTING;
}

/** Tools that stand in the input rather than under `tools`. @throws Refusal WEIR_FIELD_INVALID */
export function toolNamesIn(items: readonly JsonObject[]): string[] {
  return items
    .filter(bringsTools)
    .flatMap((item) => objectsField(item, "tools").flatMap(toolNamesOf));
}

export function isMessage({ type, role }: JsonObject): boolean {
  return type === "message" || ((type ?? null) === null && typeof role === "string");
}

/** Results of tools, for example `function_call_output` and `custom_tool_call_output`. */
export function isToolResult({ type }: JsonObject): boolean {
  return typeof type === "string" && type.endsWith("_call_output");
}

/** State at one provider that the request builds on, the most telling first. */
export function stateIdsOf(body: JsonObject, items: readonly JsonObject[]): string[] {
  const { conversation, previous_response_id: previous } = body;
  const ids = [
    previous,
    isJsonObject(conversation) ? conversation["id"] : conversation,
    ...items.toReversed().flatMap(stateIdsOfItem),
  ];
  const known = new Set<string>();
  for (const id of ids) if (typeof id === "string" && id !== "") known.add(id);
  return [...known].slice(0, STATE_IDS_MAX);
}

function stateIdsOfItem(item: JsonObject): string[] {
  const { id, type, encrypted_content: encrypted } = item;
  const named = typeof id === "string" ? [id] : [];
  if (typeof encrypted === "string" && encrypted !== "") {
    return [...named, encryptedStateId(encrypted)];
  }
  const isReference = type === "item_reference" || ((type ?? null) === null && !isMessage(item));
  return isReference ? named : [];
}

/** A stored prompt brings instructions, perhaps tools, that only the provider knows. */
export function promptNames({ prompt }: JsonObject): string[] {
  if ((prompt ?? null) === null) return [];
  return [`prompt:${toolName(isJsonObject(prompt) ? prompt["id"] : prompt)}`];
}
