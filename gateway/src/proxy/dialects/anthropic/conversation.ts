import { bounded, CalledTools, objectList, textsBelow } from "../conversation-piece.ts";
import type { ConversationPiece } from "../conversation-piece.ts";
import { isJsonObject, type JsonObject, type JsonValue } from "../json-body.ts";

/**
 * Who said what in a messages request, in order. Results of tools stand inside messages of the
 * user, yet are no words of the user's. Never throws.
 */
export function messagesConversation(body: JsonObject): ConversationPiece[] {
  const called = new CalledTools();
  const system: ConversationPiece = { source: "system", text: textsBelow(body["system"]) };
  const said = objectList(body["messages"]).flatMap(({ role, content }) => {
    const source = role === "user" || role === "assistant" ? role : "system";
    const blocks: JsonValue[] = Array.isArray(content) ? content : [content ?? ""];
    return blocks.flatMap((block) => pieceOf(block, source, called));
  });
  return bounded([system, ...said]);
}

function pieceOf(
  block: JsonValue,
  source: "user" | "assistant" | "system",
  called: CalledTools,
): ConversationPiece[] {
  if (typeof block === "string") return [{ source, text: block }];
  if (!isJsonObject(block)) return [];
  const type = typeof block["type"] === "string" ? block["type"] : "";
  if (type.endsWith("tool_use")) {
    called.add(block["id"], block["name"], block["input"]);
    return [];
  }
  // `web_search_tool_result` and the like come in messages of the assistant.
  if (type.endsWith("tool_result") || type === "search_result") {
    const text = textsBelow(block["content"]);
    return [called.result(block["tool_use_id"], text, type.replace(/_tool_result$/, ""))];
  }
  if (type === "text") return [{ source, text: textsBelow(block["text"]) }];
  // A document is attached by the person, yet written by whoever wrote it.
  if (type === "document")
    return [called.result(undefined, textsBelow(block["source"]), "document")];
  return [];
}
