import { bounded, objectList, textsBelow, type ConversationPiece } from "../conversation-piece.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json-body.ts";
import { snakeCase } from "./members.ts";

/** Who said what in a generateContent request, in order; both spellings of members. Never throws. */
export function geminiConversation(body: JsonObject): ConversationPiece[] {
  const called = new Map<string, unknown>();
  const instruction = member(body, "systemInstruction");
  const system: ConversationPiece = { source: "system", text: textsBelow(instruction) };
  const said = listOf(body["contents"]).flatMap(({ role, parts }) =>
    listOf(parts).flatMap((part) => pieceOf(part, role, called)),
  );
  return bounded([system, ...said]);
}

function pieceOf(
  part: JsonObject,
  role: JsonValue | undefined,
  called: Map<string, unknown>,
): ConversationPiece[] {
  const call = member(part, "functionCall");
  if (isJsonObject(call)) called.set(idOf(call), call["args"]);
  const response = member(part, "functionResponse");
  if (isJsonObject(response)) {
    const name = typeof response["name"] === "string" ? response["name"] : "unknown";
    const text = JSON.stringify(response["response"] ?? "");
    return [{ source: "tool", tool: name, args: called.get(idOf(response)), text }];
  }
  const result = member(part, "codeExecutionResult");
  if (isJsonObject(result)) {
    return [{ source: "tool", tool: "code_execution", text: textsBelow(result["output"]) }];
  }
  const text = typeof part["text"] === "string" ? part["text"] : "";
  return [{ source: sourceOf(role ?? "user"), text }];
}

function sourceOf(role: JsonValue): "user" | "assistant" | "system" {
  if (role === "model") return "assistant";
  return role === "user" ? "user" : "system";
}

/** Google's API pairs calls and results by id where there is one, else by name. */
function idOf(object: JsonObject): string {
  return `${textsBelow(object["id"])}\0${textsBelow(object["name"])}`;
}

function listOf(value: JsonValue | undefined): JsonObject[] {
  return objectList(Array.isArray(value) ? value : value === undefined ? [] : [value]);
}

/** Only one of both spellings can be there: an ambiguous body has been refused. */
function member(object: JsonObject, name: string): JsonValue | undefined {
  return object[name] ?? object[snakeCase(name)];
}
