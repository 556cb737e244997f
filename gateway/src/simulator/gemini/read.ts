import { hash } from "node:crypto";
import { behaviourOf } from "../behaviour.ts";
import { isJsonObject, objectsIn, positiveInteger, type JsonObject } from "../json-value.ts";
import { BadRequest, type OfferedTool, type SimulatorRequest } from "../request.ts";
import { countWords, textOf } from "../text.ts";
import type { ReceivedBody } from "../wire.ts";
import { listOf, memberOf } from "./members.ts";
import { jsonSchemaOf } from "./schema.ts";

export interface GeminiRequest extends SimulatorRequest {
  /** Whether thoughts are told, and not only billed. */
  readonly showsThoughts: boolean;
  /** Searches that the answer is to be grounded on. */
  readonly searches: number;
  /** Pieces of sound in the conversation. */
  readonly sounds: number;
}

/** The model that a path names; a tuned one keeps its collection. */
export function modelIn({ params }: Pick<ReceivedBody, "params">): string {
  const model = params["model"] ?? "";
  return params["collection"] === "tunedModels" ? `tunedModels/${model}` : model;
}

/** The same for the same question, however the answer is to be framed. */
export function digestFor({ sha256 }: Pick<ReceivedBody, "sha256">, model: string): string {
  return hash("sha256", `${model}\n${sha256}`).slice(0, 24);
}

/**
 * Reads a `generateContent` request.
 * @throws {BadRequest} when `contents` is missing or of the wrong type.
 */
export function readGenerate(received: ReceivedBody, stream: boolean): GeminiRequest {
  const model = modelIn(received);
  const conversation = readConversation(received.json);
  const config = memberOf(received.json, "generationConfig");
  const settings = isJsonObject(config) ? config : {};
  const behaviour = behaviourOf(model);
  const tools = objectsIn(listOf(received.json["tools"]));
  const offersSearch = tools.some((tool) => isJsonObject(memberOf(tool, "googleSearch")));
  return {
    dialect: "gemini",
    digest: digestFor(received, model),
    model,
    behaviour,
    stream,
    includeUsage: true,
    ...conversation,
    tools: tools.flatMap(declaredIn),
    toolChoice: readToolChoice(memberOf(received.json, "toolConfig")),
    maxTokens: positiveInteger(memberOf(settings, "maxOutputTokens")),
    outputSchema: readOutputSchema(settings),
    showsThoughts: readShowsThoughts(settings),
    searches: offersSearch ? behaviour.searches : 0,
  };
}

type Conversation = Pick<
  GeminiRequest,
  "words" | "messageCount" | "lastUserCharacters" | "toolResultCharacters" | "images" | "sounds"
>;

/** @throws {BadRequest} when there is none. */
export function readConversation(body: JsonObject): Conversation {
  const contents = listOf(body["contents"]);
  if (!Array.isArray(contents) || contents.length === 0) {
    const text = "* GenerateContentRequest.contents: contents is not specified";
    throw new BadRequest(text, "contents");
  }
  const messages = objectsIn(contents);
  const parts = messages.flatMap(partsOf);
  const results = parts.map((part) => memberOf(part, "functionResponse")).filter(isJsonObject);
  const lastUser = messages.findLast(({ role }) => role !== "model");
  const system = memberOf(body, "systemInstruction");
  const systemText = isJsonObject(system) ? textOf(partsOf(system)) : "";
  return {
    words: countWords(`${textOf(parts)} ${results.map(resultText).join(" ")} ${systemText}`),
    messageCount: messages.length,
    lastUserCharacters: lastUser === undefined ? 0 : textOf(partsOf(lastUser)).length,
    toolResultCharacters: results.map((result) => resultText(result).length).at(-1) ?? null,
    images: parts.filter((part) => isMedia(part, "image/")).length,
    sounds: parts.filter((part) => isMedia(part, "audio/")).length,
  };
}

export function partsOf(content: JsonObject): readonly JsonObject[] {
  return objectsIn(listOf(content["parts"]));
}

function resultText(result: JsonObject): string {
  return JSON.stringify(result["response"] ?? {});
}

function isMedia(part: JsonObject, prefix: string): boolean {
  const data = memberOf(part, "inlineData") ?? memberOf(part, "fileData");
  const type = isJsonObject(data) ? memberOf(data, "mimeType") : undefined;
  return typeof type === "string" && type.startsWith(prefix);
}

function declaredIn(tool: JsonObject): readonly OfferedTool[] {
  return objectsIn(listOf(memberOf(tool, "functionDeclarations"))).flatMap((declared) => {
    if (typeof declared["name"] !== "string") return [];
    const schema = memberOf(declared, "parametersJsonSchema") ?? declared["parameters"];
    return [{ name: declared["name"], schema: isJsonObject(schema) ? jsonSchemaOf(schema) : {} }];
  });
}

function readToolChoice(config: unknown): string | null {
  const calling = isJsonObject(config) ? memberOf(config, "functionCallingConfig") : undefined;
  if (!isJsonObject(calling)) return "";
  if (calling["mode"] === "NONE") return null;
  const allowed = memberOf(calling, "allowedFunctionNames");
  const first: unknown = Array.isArray(allowed) ? allowed[0] : undefined;
  return typeof first === "string" ? first : "";
}

function readOutputSchema(settings: JsonObject): JsonObject | null {
  const type = memberOf(settings, "responseMimeType");
  if (typeof type !== "string" || type === "text/plain") return null;
  const schema = memberOf(settings, "responseJsonSchema") ?? memberOf(settings, "responseSchema");
  return isJsonObject(schema) ? jsonSchemaOf(schema) : {};
}

function readShowsThoughts(settings: JsonObject): boolean {
  const thinking = memberOf(settings, "thinkingConfig");
  return isJsonObject(thinking) && memberOf(thinking, "includeThoughts") === true;
}
