import type { IncomingHttpHeaders } from "node:http";
import { anthropic } from "./dialects/anthropic/anthropic.ts";
import type { Dialect, Operation, RequestHead } from "./dialects/dialect.ts";
import { gemini } from "./dialects/gemini/gemini.ts";
import { openAiChat } from "./dialects/openai-chat/openai-chat.ts";
import { openAiModels } from "./dialects/openai-models/openai-models.ts";
import { passthrough } from "./dialects/passthrough/passthrough.ts";

/** In the order in which they are asked: OpenAI's model list takes what nobody else claims. */
const dialects: readonly Dialect[] = [openAiChat, anthropic, gemini, passthrough, openAiModels];

/** What a request is for, or null if Weir does not serve it. */
export function findOperation(head: RequestHead): Operation | null {
  for (const dialect of dialects) {
    const operation = dialect.match(head);
    if (operation !== null) return operation;
  }
  return null;
}

/** The dialect in which to answer where the path does not tell. */
export function speaks(headers: IncomingHttpHeaders): Dialect {
  if (headers["anthropic-version"] !== undefined) return anthropic;
  return headers["x-goog-api-key"] === undefined ? openAiChat : gemini;
}
