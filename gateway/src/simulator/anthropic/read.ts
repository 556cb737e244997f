import { behaviourOf } from "../behaviour.ts";
import { isJsonObject, objectsIn, positiveInteger, type JsonObject } from "../json-value.ts";
import { BadRequest, digestOf, type OfferedTool, type SimulatorRequest } from "../request.ts";
import { countWords, textOf } from "../text.ts";
import type { ReceivedBody } from "../wire.ts";

export interface MessagesRequest extends SimulatorRequest {
  /** Searches that run here, before the answer. */
  readonly searches: number;
}

/**
 * Reads a Messages request.
 * @throws {BadRequest} when `model` or `messages` is missing or of the wrong type.
 */
export function readMessages(received: Pick<ReceivedBody, "json" | "sha256">): MessagesRequest {
  const body = received.json;
  if (typeof body["model"] !== "string") throw new BadRequest("model: must be a string", "model");
  if (!Array.isArray(body["messages"])) {
    throw new BadRequest("messages: must be a list", "messages");
  }
  const messages = objectsIn(body["messages"]);
  const words = messages.reduce((sum, message) => sum + countWords(textOf(message["content"])), 0);
  const lastUser = messages.findLast((message) => message["role"] === "user");
  const behaviour = behaviourOf(body["model"]);
  return {
    dialect: "anthropic",
    digest: digestOf(received),
    model: body["model"],
    behaviour,
    stream: body["stream"] === true,
    includeUsage: true,
    words: words + countWords(textOf(body["system"])),
    messageCount: messages.length,
    lastUserCharacters: textOf(lastUser?.["content"]).length,
    toolResultCharacters: lastToolResult(messages),
    tools: readTools(body["tools"]),
    toolChoice: readToolChoice(body["tool_choice"]),
    maxTokens: positiveInteger(body["max_tokens"]),
    outputSchema: readOutputSchema(body),
    images: messages.reduce((sum, message) => sum + countImages(message["content"]), 0),
    searches: offersSearch(body["tools"]) ? behaviour.searches : 0,
  };
}

function lastToolResult(messages: readonly JsonObject[]): number | null {
  const block = messages
    .flatMap((message) => objectsIn(message["content"]))
    .findLast((candidate) => candidate["type"] === "tool_result");
  return block === undefined ? null : textOf(block["content"]).length;
}

// Tools that run at the provider have no `input_schema`, and are never called here.
function readTools(tools: unknown): readonly OfferedTool[] {
  return objectsIn(tools).flatMap((tool) => {
    const schema: unknown = tool["input_schema"];
    return typeof tool["name"] === "string" && isJsonObject(schema)
      ? [{ name: tool["name"], schema }]
      : [];
  });
}

function readToolChoice(choice: unknown): string | null {
  if (!isJsonObject(choice)) return "";
  if (choice["type"] === "none") return null;
  return choice["type"] === "tool" && typeof choice["name"] === "string" ? choice["name"] : "";
}

function offersSearch(tools: unknown): boolean {
  return objectsIn(tools).some((tool) => String(tool["type"]).startsWith("web_search_"));
}

function countImages(content: unknown): number {
  return objectsIn(content).filter((block) => block["type"] === "image").length;
}

function readOutputSchema(body: JsonObject): JsonObject | null {
  const config: unknown = body["output_config"];
  const format: unknown = isJsonObject(config) ? config["format"] : body["output_format"];
  const schema: unknown = isJsonObject(format) ? format["schema"] : undefined;
  return isJsonObject(schema) ? schema : null;
}
