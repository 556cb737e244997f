import { objectsField } from "../fields.ts";
import { isJsonObject, type JsonObject, type MemberEdit } from "../json-body.ts";
import { keptInList } from "../openai/strip-list.ts";
import { bringsTools, inputItems, promptNames } from "./input-items.ts";
import { toolNamesOf, withoutTools } from "./tools.ts";

/** Takes tools out of a request, wherever they stand, and whatever chooses one of them or among none. */
export function stripResponseTools(body: JsonObject, names: ReadonlySet<string>): MemberEdit[] {
  const tools = objectsField(body, "tools");
  const keptTools = keptOf(tools, names);
  const items = inputItems(body);
  const keptItems = items.flatMap((item) => keptItem(item, names));
  const edits = [
    ...keptInList("tools", tools, keptTools),
    // Only a list can hold tools, so a plain text stays as it is.
    ...(Array.isArray(body["input"]) ? keptInList("input", items, keptItems) : []),
  ];
  const drop = (member: string) => {
    if (body[member] !== undefined) edits.push({ member, json: null });
  };
  if (promptNames(body).some((name) => names.has(name))) drop("prompt");
  const anyLeft = keptTools.length > 0 || keptItems.some(bringsTools);
  const allGone = edits.length > 0 && !anyLeft;
  if (allGone || choosesOne(body["tool_choice"], names)) drop("tool_choice");
  if (allGone) drop("parallel_tool_calls");
  return edits;
}

function keptOf(tools: readonly JsonObject[], names: ReadonlySet<string>): JsonObject[] {
  return tools.map((tool) => withoutTools(tool, names)).filter((tool) => tool !== null);
}

function keptItem(item: JsonObject, names: ReadonlySet<string>): JsonObject[] {
  if (!bringsTools(item)) return [item];
  const all = objectsField(item, "tools");
  const kept = keptOf(all, names);
  if (kept.length === all.length && kept.every((tool, index) => tool === all[index])) return [item];
  // The output of a search has to answer its call even with nothing found.
  const isNeeded = kept.length > 0 || item["type"] !== "additional_tools";
  return isNeeded ? [{ ...item, tools: kept }] : [];
}

/** Providers refuse a choice of a tool that is not there; without the choice the model is free. */
function choosesOne(choice: unknown, names: ReadonlySet<string>): boolean {
  if (!isJsonObject(choice)) return false;
  const among = choice["type"] === "allowed_tools" ? objectsField(choice, "tools") : [choice];
  return among.some((entry) => isStripped(entry, names));
}

function isStripped(entry: JsonObject, names: ReadonlySet<string>): boolean {
  try {
    return toolNamesOf(entry).some((name) => names.has(name));
  } catch {
    return false;
  }
}
