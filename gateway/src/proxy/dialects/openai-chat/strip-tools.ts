import { objectsField } from "../fields.ts";
import { isJsonObject, type JsonObject, type JsonValue, type MemberEdit } from "../json-body.ts";
import { keptInList } from "../openai/strip-list.ts";
import { chatToolNames, functionName, WEB_SEARCH } from "./tool-names.ts";

/** Takes tools out of a request, and whatever chooses one of them or among none. */
export function stripChatTools(body: JsonObject, names: ReadonlySet<string>): MemberEdit[] {
  const tools = objectsField(body, "tools");
  const functions = objectsField(body, "functions");
  const keptTools = tools.filter((tool) => !isNamed(chatToolNames(tool), names));
  const keptFunctions = functions.filter((entry) => !names.has(functionName(entry)));
  const edits = [
    ...keptInList("tools", tools, keptTools),
    ...keptInList("functions", functions, keptFunctions),
  ];
  const drop = (member: string) => {
    if (body[member] !== undefined) edits.push({ member, json: null });
  };
  if (names.has(WEB_SEARCH)) drop("web_search_options");
  const toolsGone = tools.length > 0 && keptTools.length === 0;
  if (toolsGone || choosesOne(body["tool_choice"], names)) drop("tool_choice");
  if (toolsGone) drop("parallel_tool_calls");
  const functionsGone = functions.length > 0 && keptFunctions.length === 0;
  if (functionsGone || choosesOne(body["function_call"], names)) drop("function_call");
  return edits;
}

function isNamed(candidates: readonly string[], names: ReadonlySet<string>): boolean {
  return candidates.some((name) => names.has(name));
}

/** Providers refuse a choice of a tool that is not there; without the choice the model is free. */
function choosesOne(choice: JsonValue | undefined, names: ReadonlySet<string>): boolean {
  if (!isJsonObject(choice)) return false;
  const { allowed_tools: allowed } = choice;
  const among = isJsonObject(allowed) ? allowed["tools"] : [choice];
  return Array.isArray(among) && among.some((entry) => refersTo(entry, names));
}

function refersTo(entry: JsonValue, names: ReadonlySet<string>): boolean {
  if (!isJsonObject(entry)) return false;
  const { function: called, custom, name } = entry;
  const named = [called, custom].map((value) => (isJsonObject(value) ? value["name"] : undefined));
  return [...named, name].some(
    (candidate) => typeof candidate === "string" && names.has(candidate),
  );
}
