import { bounded, CalledTools, objectList, textsBelow } from "../conversation-piece.ts";
import type { ConversationPiece } from "../conversation-piece.ts";
import type { JsonObject } from "../json-body.ts";

/**
 * Who said what in a responses request, in order. What the provider keeps (`previous_response_id`)
 * is not in it: earlier requests of the session have shown that. Never throws.
 */
export function responsesConversation(body: JsonObject): ConversationPiece[] {
  const { input, instructions } = body;
  const called = new CalledTools();
  const system: ConversationPiece = { source: "system", text: textsBelow(instructions) };
  if (typeof input === "string") return bounded([system, { source: "user", text: input }]);
  return bounded([system, ...objectList(input).flatMap((item) => piecesOf(item, called))]);
}

function piecesOf(item: JsonObject, called: CalledTools): ConversationPiece[] {
  const type = typeof item["type"] === "string" ? item["type"] : "message";
  if (type.endsWith("_call_output")) {
    return [called.result(item["call_id"], textsBelow(item["output"]), builtIn(type))];
  }
  if (type.endsWith("_call")) {
    const name = item["name"] ?? builtIn(`${type}_output`);
    called.add(
      item["call_id"] ?? item["id"],
      name,
      item["arguments"] ?? item["input"] ?? item["action"],
    );
    // Tools that the provider runs bring their results in the call's own item.
    const results = [item["output"], item["results"], item["outputs"], item["result"]];
    const text = results
      .map((result) => textsBelow(result))
      .filter(Boolean)
      .join("\n");
    return text === "" ? [] : [called.result(undefined, text, name)];
  }
  if (type !== "message") return [];
  const text = textsBelow(item["content"]);
  if (item["role"] === "user") return [{ source: "user", text }];
  return [{ source: item["role"] === "assistant" ? "assistant" : "system", text }];
}

/** `shell_call_output` → `shell`. */
function builtIn(type: string): string {
  return type.slice(0, -"_call_output".length);
}
