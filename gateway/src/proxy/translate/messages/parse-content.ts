import type { LanguageModelV4FilePart, LanguageModelV4TextPart } from "@ai-sdk/provider";
import type { JsonObject } from "../../dialects/json-body.ts";
import { checkMembers, notTranslatable } from "../fate.ts";
import { imageByUrl, inlineFile } from "../media.ts";
import { invalidMember, optionalString, requiredObject, requiredString } from "../read-member.ts";
import {
  documentBlock,
  imageBlock,
  refusedBlocks,
  textBlock,
  type MessagesTarget,
} from "./members.ts";

export type ContentPart = LanguageModelV4TextPart | LanguageModelV4FilePart;

/** @throws Refusal WEIR_NOT_TRANSLATABLE always */
export function refuseBlock(block: JsonObject, where: string): never {
  const type = optionalString(block, "type", where) ?? "";
  const advice = Object.hasOwn(refusedBlocks, type) ? refusedBlocks[type] : undefined;
  throw notTranslatable(
    `${where}type`,
    advice === undefined ? "Weir does not know this kind of block." : `'${type}': ${advice}`,
  );
}

export function textOf(block: JsonObject, target: MessagesTarget, where: string): string {
  checkMembers(block, textBlock, target, where);
  return requiredString(block, "text", where);
}

function image(block: JsonObject, target: MessagesTarget, where: string): LanguageModelV4FilePart {
  checkMembers(block, imageBlock, target, where);
  const source = requiredObject(block, "source", where);
  const path = `${where}source.`;
  if (source["type"] === "url") {
    return imageByUrl(requiredString(source, "url", path), target, `${path}url`);
  }
  if (source["type"] !== "base64") {
    throw notTranslatable(`${path}type`, "the image is kept at Anthropic; send its base64 data.");
  }
  const mediaType = requiredString(source, "media_type", path).toLowerCase();
  if (!/^image\/[a-z0-9.+-]+$/.test(mediaType)) {
    throw invalidMember(`${path}media_type`, "an image's media type");
  }
  return inlineFile({ mediaType, base64: requiredString(source, "data", path) });
}

function document(block: JsonObject, target: MessagesTarget, where: string): ContentPart {
  checkMembers(block, documentBlock, target, where);
  const source = requiredObject(block, "source", where);
  const path = `${where}source.`;
  const title = optionalString(block, "title", where);
  if (source["type"] === "text") {
    if (title !== undefined) {
      throw notTranslatable(`${where}title`, "texts have no titles there; write it into the text.");
    }
    return { type: "text", text: requiredString(source, "data", path) };
  }
  if (source["type"] !== "base64" || source["media_type"] !== "application/pdf") {
    throw notTranslatable(`${path}type`, "send the document as base64 PDF or as plain text.");
  }
  const base64 = requiredString(source, "data", path);
  return inlineFile({ mediaType: "application/pdf", base64 }, title);
}

/** @throws Refusal WEIR_NOT_TRANSLATABLE, WEIR_FIELD_INVALID */
export function parseBlock(block: JsonObject, target: MessagesTarget, where: string): ContentPart {
  switch (block["type"]) {
    case "text":
      return { type: "text", text: textOf(block, target, where) };
    case "image":
      return image(block, target, where);
    case "document":
      return document(block, target, where);
    default:
      return refuseBlock(block, where);
  }
}
