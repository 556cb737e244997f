/**
 * The text of a request body, whatever its dialect, for an estimate of its input tokens. Images,
 * audio and files are left out: their tokens do not follow from their bytes.
 */
import { isJsonObject, type JsonObject, type JsonValue } from "../dialects/json-body.ts";

/** More than any model's context window holds. */
const MAX_CHARACTERS = 4_194_304;
const MAX_VALUES = 200_000;
const MAX_DEPTH = 64;

/** Top-level members that a model reads. */
const textMembers = words(
  "instructions system systemInstruction system_instruction messages input contents prompt suffix",
);
const schemaMembers = words("tools functions response_format text");
const geminiSchemaMembers = words("responseSchema responseJsonSchema");

/** Members of messages and parts that no model reads as text. */
const silentMembers = new Set([
  ...words("id type role status tool_call_id tool_use_id call_id cache_control detail format url"),
  ...words("signature encrypted_content thoughtSignature thought_signature"),
  ...words("image_url file_id file_url file_data fileData inlineData inline_data input_audio"),
  ...words("mimeType mime_type media_type"),
]);

/** Members that hold JSON of a tool's own: all of it is read, names included. */
const jsonMembers = new Set(
  words("tools functions input args arguments response parameters schema input_schema"),
);

function words(text: string): string[] {
  return text.split(" ");
}

/** Text strings a line each; cut at 4 Mi characters. Never throws. */
export function textOfRequest(body: JsonObject): string {
  const gathered = new GatheredText();
  for (const member of textMembers) gathered.addText(body[member]);
  for (const member of schemaMembers) {
    const value = body[member];
    if (typeof value === "object") gathered.addJson(value);
  }
  const generation = body["generationConfig"];
  if (isJsonObject(generation)) {
    for (const member of geminiSchemaMembers) gathered.addJson(generation[member]);
  }
  return gathered.text;
}

class GatheredText {
  text = "";
  #values = 0;

  /** What a message or a part of one says. */
  addText(value: JsonValue | undefined, depth = 0): void {
    if (!this.#hasRoom(depth)) return;
    if (typeof value === "string") this.#addString(value);
    else if (Array.isArray(value)) {
      for (const item of value) this.addText(item, depth + 1);
    } else if (isJsonObject(value)) this.#addPart(value, depth);
  }

  /** A value as the JSON text of it. */
  addJson(value: JsonValue | undefined): void {
    if (value === undefined) return;
    this.#json(value, 0);
    this.#append("\n");
  }

  #addPart(part: JsonObject, depth: number): void {
    for (const [member, value] of Object.entries(part)) {
      if (silentMembers.has(member) || isMedia(member, part)) continue;
      const isJson = jsonMembers.has(member) && typeof value === "object";
      if (isJson && !(member === "input" && Array.isArray(value))) this.addJson(value);
      else this.addText(value, depth + 1);
    }
  }

  #json(value: JsonValue | undefined, depth: number): void {
    if (value === undefined || !this.#hasRoom(depth)) return;
    if (!Array.isArray(value) && !isJsonObject(value)) {
      this.#append(typeof value === "string" ? `"${value}"` : String(value));
      return;
    }
    const isList = Array.isArray(value);
    this.#append(isList ? "[" : "{");
    let separator = "";
    for (const [member, item] of Object.entries(value)) {
      this.#append(isList ? separator : `${separator}"${member}":`);
      this.#json(item, depth + 1);
      separator = ",";
    }
    this.#append(isList ? "]" : "}");
  }

  #addString(text: string): void {
    if (text === "" || /^data:[^,]{0,128};base64,/.test(text)) return;
    // A message's frame costs a few tokens as well, a line end one.
    this.#append(text);
    this.#append("\n");
  }

  #append(text: string): void {
    this.text += text.slice(0, MAX_CHARACTERS - this.text.length);
  }

  #hasRoom(depth: number): boolean {
    this.#values += 1;
    return depth <= MAX_DEPTH && this.#values <= MAX_VALUES && this.text.length < MAX_CHARACTERS;
  }
}

/** `data` is an image, audio or a file, unless it says that it is text. */
function isMedia(member: string, part: JsonObject): boolean {
  return member === "data" && part["type"] !== "text";
}
