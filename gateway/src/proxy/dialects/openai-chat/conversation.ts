import { bounded, CalledTools, objectList, textsBelow } from "../conversation-piece.ts";
import type { ConversationPiece } from "../conversation-piece.ts";
import { isJsonObject, type JsonObject } from "../json-body.ts";

/** Who said what in a chat completions request, in order. Never throws. */
export function chatConversation(body: JsonObject): ConversationPiece[] {
  const called = new CalledTools();
  return bounded(objectList(body["messages"]).flatMap((message) => piecesOf(message, called)));
}

function piecesOf(message: JsonObject, called: CalledTools): ConversationPiece[] {
  const { role, content } = message;
  const text = textsBelow(content);
  if (role === "tool") return [called.result(message["tool_call_id"], text, message["name"])];
  if (role === "function") return [called.result(undefined, text, message["name"])];
  if (role === "user") return [{ source: "user", text }];
  if (role !== "assistant") return [{ source: "system", text }];
  for (const call of objectList(message["tool_calls"])) {
    const tool = isJsonObject(call["function"]) ? call["function"] : call["custom"];
    if (!isJsonObject(tool)) continue;
    called.add(call["id"], tool["name"], tool["arguments"] ?? tool["input"]);
  }
  return [{ source: "assistant", text }];
}
