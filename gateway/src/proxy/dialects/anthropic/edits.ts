import { objectsField } from "../fields.ts";
import type { JsonObject, MemberEdit } from "../json-body.ts";
import { mcpServerToolName, messagesToolName } from "./describe.ts";

export function capMessagesTokens(body: JsonObject, maxTokens: number): MemberEdit[] {
  const asked = body["max_tokens"];
  if (typeof asked === "number" && asked <= maxTokens) return [];
  return [{ member: "max_tokens", json: String(maxTokens) }];
}

export function stripMessagesTools(body: JsonObject, names: ReadonlySet<string>): MemberEdit[] {
  const edits: MemberEdit[] = [];
  for (const [member, nameOf] of [
    ["tools", messagesToolName],
    ["mcp_servers", mcpServerToolName],
  ] as const) {
    const all = objectsField(body, member);
    const kept = all.filter((entry) => !names.has(nameOf(entry)));
    if (kept.length === all.length) continue;
    edits.push({ member, json: kept.length === 0 ? null : JSON.stringify(kept) });
    // The API refuses a choice among tools when none is left to choose from.
    if (member === "tools" && kept.length === 0 && body["tool_choice"] !== undefined) {
      edits.push({ member: "tool_choice", json: null });
    }
  }
  return edits;
}
