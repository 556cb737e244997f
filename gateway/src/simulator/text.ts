import { isJsonObject } from "./json-value.ts";

const maxDepth = 8;

/** All text in a message's content: a string, a part, or parts nested in tool results. */
export function textOf(content: unknown, depth = 0): string {
  if (typeof content === "string") return content;
  if (depth > maxDepth) return "";
  if (Array.isArray(content)) {
    return content.map((part: unknown) => textOf(part, depth + 1)).join(" ");
  }
  if (!isJsonObject(content)) return "";
  if (typeof content["text"] === "string") return content["text"];
  return content["content"] === undefined ? "" : textOf(content["content"], depth + 1);
}

/** Number of runs of characters above U+0020, in one pass. */
export function countWords(text: string): number {
  let words = 0;
  let inWord = false;
  for (let i = 0; i < text.length; i += 1) {
    const isCharacter = text.charCodeAt(i) > 32;
    if (isCharacter && !inWord) words += 1;
    inWord = isCharacter;
  }
  return words;
}
