import type {
  LanguageModelV4FilePart,
  LanguageModelV4TextPart,
  SharedV4ProviderOptions,
} from "@ai-sdk/provider";
import type { JsonObject, JsonValue } from "../../dialects/json-body.ts";
import { checkMembers, notTranslatable } from "../fate.ts";
import { imageByUrl, inlineFile, parseDataUrl } from "../media.ts";
import {
  invalidMember,
  objectList,
  optionalObject,
  optionalString,
  requiredObject,
  requiredString,
} from "../read-member.ts";
import {
  audioPart,
  file,
  filePart,
  imagePart,
  imageUrl,
  inputAudio,
  refusalPart,
  textPart,
  type ChatTarget,
} from "./members.ts";

export type ContentPart = LanguageModelV4TextPart | LanguageModelV4FilePart;

/** A cache breakpoint in Anthropic's form, which several clients add to chat messages. */
export function cacheMarker(
  object: JsonObject,
  target: ChatTarget,
  where: string,
): { providerOptions?: SharedV4ProviderOptions } {
  const marker = optionalObject(object, "cache_control", where);
  if (marker === undefined || target !== "anthropic") return {};
  const ttl = optionalString(marker, "ttl", `${where}cache_control.`);
  const known = Object.keys(marker).every((member) => member === "type" || member === "ttl");
  if (marker["type"] !== "ephemeral" || !known) {
    throw invalidMember(`${where}cache_control`, "{type: ephemeral} with an optional ttl");
  }
  const cacheControl = ttl === undefined ? { type: "ephemeral" } : { type: "ephemeral", ttl };
  return { providerOptions: { anthropic: { cacheControl } } };
}

function image(part: JsonObject, target: ChatTarget, where: string): LanguageModelV4FilePart {
  checkMembers(part, imagePart, target, where);
  const source = requiredObject(part, "image_url", where);
  checkMembers(source, imageUrl, target, `${where}image_url.`);
  const path = `${where}image_url.url`;
  const url = requiredString(source, "url", `${where}image_url.`);
  const data = parseDataUrl(url, path);
  if (data === null) return imageByUrl(url, target, path);
  if (!data.mediaType.startsWith("image/")) throw invalidMember(path, "an image");
  return inlineFile(data);
}

function audio(part: JsonObject, target: ChatTarget, where: string): LanguageModelV4FilePart {
  checkMembers(part, audioPart, target, where);
  const source = requiredObject(part, "input_audio", where);
  checkMembers(source, inputAudio, target, `${where}input_audio.`);
  const format = requiredString(source, "format", `${where}input_audio.`);
  if (format !== "wav" && format !== "mp3") {
    throw invalidMember(`${where}input_audio.format`, "'wav' or 'mp3'");
  }
  const base64 = requiredString(source, "data", `${where}input_audio.`);
  return inlineFile({ mediaType: `audio/${format}`, base64 });
}

function document(part: JsonObject, target: ChatTarget, where: string): LanguageModelV4FilePart {
  checkMembers(part, filePart, target, where);
  const source = requiredObject(part, "file", where);
  checkMembers(source, file, target, `${where}file.`);
  const path = `${where}file.file_data`;
  const data = parseDataUrl(requiredString(source, "file_data", `${where}file.`), path);
  if (data === null) throw invalidMember(path, "a data URL of the form data:<media type>;base64,…");
  if (target === "anthropic" && !["application/pdf", "text/plain"].includes(data.mediaType)) {
    throw notTranslatable(path, "Anthropic reads PDF and plain text files alone.");
  }
  return inlineFile(data, optionalString(source, "filename", `${where}file.`));
}

function contentPart(part: JsonObject, target: ChatTarget, where: string): ContentPart {
  switch (part["type"]) {
    case "text":
      checkMembers(part, textPart, target, where);
      return { type: "text", text: requiredString(part, "text", where) };
    case "refusal":
      checkMembers(part, refusalPart, target, where);
      return { type: "text", text: requiredString(part, "refusal", where) };
    case "image_url":
      return image(part, target, where);
    case "input_audio":
      return audio(part, target, where);
    case "file":
      return document(part, target, where);
    default:
      throw notTranslatable(`${where}type`, "Weir does not know this kind of content.");
  }
}

/** @throws Refusal WEIR_NOT_TRANSLATABLE, WEIR_FIELD_INVALID */
export function parseContent(
  content: JsonValue | undefined,
  target: ChatTarget,
  path: string,
): ContentPart[] {
  if (content === undefined || content === null) return [];
  if (typeof content === "string") return [{ type: "text", text: content }];
  return objectList(content, path).map((part, at) => {
    const where = `${path}[${at}].`;
    return Object.assign(contentPart(part, target, where), cacheMarker(part, target, where));
  });
}

/** @throws Refusal WEIR_FIELD_INVALID when there is anything but text */
export function parseTexts(
  content: JsonValue | undefined,
  target: ChatTarget,
  path: string,
): LanguageModelV4TextPart[] {
  return parseContent(content, target, path).map((part) => {
    if (part.type === "text") return part;
    throw invalidMember(path, "text");
  });
}
