import { isJsonObject, type JsonObject, type JsonValue, type MemberEdit } from "../json-body.ts";
import { objectsField, toolName } from "../fields.ts";
import { chatToolName, WEB_SEARCH } from "./describe.ts";

/** A stream tells its usage only on request, in one more chunk that the client may not expect. */
export function usageEdits(body: JsonObject): { edits: MemberEdit[]; stripUsageFrame: boolean } {
  if (body["stream"] !== true) return { edits: [], stripUsageFrame: false };
  const options = isJsonObject(body["stream_options"]) ? body["stream_options"] : {};
  if (options["include_usage"] === true) return { edits: [], stripUsageFrame: false };
  const json = JSON.stringify({ ...options, include_usage: true });
  return { edits: [{ member: "stream_options", json }], stripUsageFrame: true };
}

export function capChatTokens(body: JsonObject, maxTokens: number): MemberEdit[] {
  const members = ["max_completion_tokens", "max_tokens"].filter(
    (member) => typeof body[member] === "number",
  );
  if (members.length === 0) members.push("max_completion_tokens");
  return members
    .filter((member) => !isWithin(body[member], maxTokens))
    .map((member) => ({ member, json: String(maxTokens) }));
}

function isWithin(value: JsonValue | undefined, limit: number): boolean {
  return typeof value === "number" && value <= limit;
}

export function stripChatTools(body: JsonObject, names: ReadonlySet<string>): MemberEdit[] {
  const tools = objectsField(body, "tools");
  const functions = objectsField(body, "functions");
  const edits: MemberEdit[] = [
    ...without(
      "tools",
      tools,
      tools.filter((tool) => !names.has(chatToolName(tool))),
    ),
    ...without(
      "functions",
      functions,
      functions.filter((entry) => !names.has(toolName(entry["name"]))),
    ),
  ];
  if (names.has(WEB_SEARCH) && body["web_search_options"] !== undefined) {
    edits.push({ member: "web_search_options", json: null });
  }
  // Providers refuse a choice among tools when none is left to choose from.
  for (const [list, choice] of [
    ["tools", "tool_choice"],
    ["tools", "parallel_tool_calls"],
    ["functions", "function_call"],
  ] as const) {
    const emptied = edits.some((edit) => edit.member === list && edit.json === null);
    if (emptied && body[choice] !== undefined) edits.push({ member: choice, json: null });
  }
  return edits;
}

function without(member: string, all: JsonObject[], kept: JsonObject[]): MemberEdit[] {
  if (kept.length === all.length) return [];
  return [{ member, json: kept.length === 0 ? null : JSON.stringify(kept) }];
}
