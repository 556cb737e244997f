import { behaviourOf } from "../behaviour.ts";
import { isJsonObject, type JsonObject, objectsIn, positiveInteger } from "../json-value.ts";
import { BadRequest, digestOf } from "../request.ts";
import { countWords, textOf } from "../text.ts";
import type { ReceivedBody } from "../wire.ts";
import type { Conversation, ResponseMemory } from "./memory.ts";
import type { ResponsesRequest } from "./request.ts";
import { offersSearch, readToolChoice, readTools, toolLists } from "./tools.ts";

/**
 * Reads a Responses request. What came before in the conversation is billed again.
 * @throws {BadRequest} when `model` is missing, `input` is of the wrong type, or `memory` does not
 *   have the previous response.
 */
export function readResponses(
  received: Pick<ReceivedBody, "json" | "sha256">,
  memory: ResponseMemory,
): ResponsesRequest {
  const body = received.json;
  if (typeof body["model"] !== "string") throw new BadRequest("model must be a string", "model");
  const items = itemsOf(body["input"]);
  const before = conversationBefore(body["previous_response_id"], memory);
  const tools = toolLists(body, items);
  const digest = digestOf(received);
  const background = body["background"] === true;
  return {
    dialect: "openai-responses",
    digest,
    id: background ? memory.backgroundId(digest) : `resp_${digest}`,
    body,
    model: body["model"],
    behaviour: behaviourOf(body["model"]),
    stream: body["stream"] === true,
    includeUsage: true,
    ...countsOf(body, items, before),
    tools: readTools(tools),
    toolChoice: readToolChoice(body["tool_choice"]),
    maxTokens: positiveInteger(body["max_output_tokens"]),
    outputSchema: readOutputSchema(body["text"]),
    store: body["store"] !== false,
    background,
    generates: body["generate"] !== false,
    offersSearch: offersSearch(tools),
    ...reasoningOf(body),
  };
}

function itemsOf(input: unknown): readonly JsonObject[] {
  if (typeof input === "string") return [{ type: "message", role: "user", content: input }];
  if (input === undefined || input === null) return [];
  if (Array.isArray(input)) return objectsIn(input);
  throw new BadRequest("input must be a string or a list", "input");
}

const nothingBefore: Conversation = { words: 0, messageCount: 0, images: 0 };

function conversationBefore(id: unknown, memory: ResponseMemory): Conversation {
  if (typeof id !== "string") return nothingBefore;
  const before = memory.conversation(id);
  if (before !== null) return before;
  const message = `Previous response with id '${id}' not found.`;
  throw new BadRequest(message, "previous_response_id", 400, "previous_response_not_found");
}

type Counts = Pick<
  ResponsesRequest,
  "words" | "messageCount" | "lastUserCharacters" | "toolResultCharacters" | "images"
>;

function countsOf(body: JsonObject, items: readonly JsonObject[], before: Conversation): Counts {
  const user = items.findLast((item) => item["role"] === "user");
  const result = items.findLast((item) => String(item["type"]).endsWith("_call_output"));
  const texts = items.map((item) => textOfItem(item));
  return {
    words: texts.reduce(
      (sum, text) => sum + countWords(text),
      before.words + countWords(textOf(body["instructions"])),
    ),
    messageCount: before.messageCount + items.length,
    images: before.images + items.reduce((sum, item) => sum + imagesIn(item), 0),
    lastUserCharacters: textOf(user?.["content"]).length,
    toolResultCharacters: result === undefined ? null : textOf(result["output"]).length,
  };
}

function textOfItem(item: JsonObject): string {
  return textOf(item["content"] ?? item["output"] ?? item["arguments"] ?? item["input"] ?? "");
}

function imagesIn(item: JsonObject): number {
  const parts: unknown = item["content"] ?? item["output"];
  return objectsIn(parts).filter((part) => part["type"] === "input_image").length;
}

function readOutputSchema(text: unknown): JsonObject | null {
  const format: unknown = isJsonObject(text) ? text["format"] : undefined;
  if (!isJsonObject(format)) return null;
  if (format["type"] === "json_object") return {};
  return isJsonObject(format["schema"]) ? format["schema"] : null;
}

function reasoningOf(
  body: JsonObject,
): Pick<ResponsesRequest, "encryptedReasoning" | "summarisesReasoning"> {
  const included: unknown = body["include"];
  const reasoning: unknown = body["reasoning"];
  return {
    encryptedReasoning: Array.isArray(included) && included.includes("reasoning.encrypted_content"),
    summarisesReasoning: isJsonObject(reasoning) && typeof reasoning["summary"] === "string",
  };
}
