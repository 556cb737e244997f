import { behaviourOf } from "../behaviour.ts";
import { isJsonObject, objectsIn, positiveInteger, type JsonObject } from "../json-value.ts";
import { BadRequest, digestOf, type OfferedTool, type SimulatorRequest } from "../request.ts";
import { countWords, textOf } from "../text.ts";
import type { ReceivedBody } from "../wire.ts";

/**
 * Reads a chat completion request.
 * @throws {BadRequest} when `model` or `messages` is missing or of the wrong type.
 */
export function readChat(received: Pick<ReceivedBody, "json" | "sha256">): SimulatorRequest {
  const body = received.json;
  if (typeof body["model"] !== "string") throw new BadRequest("model must be a string", "model");
  if (!Array.isArray(body["messages"])) throw new BadRequest("messages must be a list", "messages");
  const messages = objectsIn(body["messages"]);
  const options: unknown = body["stream_options"];
  return {
    dialect: "openai-chat",
    digest: digestOf(received),
    model: body["model"],
    behaviour: behaviourOf(body["model"]),
    stream: body["stream"] === true,
    includeUsage: isJsonObject(options) && options["include_usage"] === true,
    words: messages.reduce((sum, message) => sum + countWords(textOf(message["content"])), 0),
    messageCount: messages.length,
    lastUserCharacters: lastLength(messages, "user") ?? 0,
    toolResultCharacters: lastLength(messages, "tool"),
    tools: readTools(body["tools"]),
    toolChoice: readToolChoice(body["tool_choice"]),
    maxTokens: positiveInteger(body["max_completion_tokens"] ?? body["max_tokens"]),
    outputSchema: readOutputSchema(body["response_format"]),
    images: messages.reduce((sum, message) => sum + countImages(message["content"]), 0),
  };
}

function lastLength(messages: readonly JsonObject[], role: string): number | null {
  const message = messages.findLast((candidate) => candidate["role"] === role);
  return message === undefined ? null : textOf(message["content"]).length;
}

function readTools(tools: unknown): readonly OfferedTool[] {
  return objectsIn(tools).flatMap((tool) => {
    const called: unknown = tool["function"];
    if (!isJsonObject(called) || typeof called["name"] !== "string") return [];
    const schema: unknown = called["parameters"];
    return [{ name: called["name"], schema: isJsonObject(schema) ? schema : {} }];
  });
}

function countImages(content: unknown): number {
  if (!Array.isArray(content)) return 0;
  return objectsIn(content).filter((part) => part["type"] === "image_url").length;
}

function readOutputSchema(format: unknown): JsonObject | null {
  if (!isJsonObject(format)) return null;
  if (format["type"] === "json_object") return {};
  const declared: unknown = format["json_schema"];
  const schema: unknown = isJsonObject(declared) ? declared["schema"] : undefined;
  return isJsonObject(schema) ? schema : null;
}

function readToolChoice(choice: unknown): string | null {
  if (choice === "none") return null;
  const called: unknown = isJsonObject(choice) ? choice["function"] : undefined;
  return isJsonObject(called) && typeof called["name"] === "string" ? called["name"] : "";
}
