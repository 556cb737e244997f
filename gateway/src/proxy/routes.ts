import type { IncomingHttpHeaders } from "node:http";
import { actions, authzen } from "./actions/dialects.ts";
import { anthropic } from "./dialects/anthropic/anthropic.ts";
import type { Dialect, Operation, RequestHead } from "./dialects/dialect.ts";
import { gemini } from "./dialects/gemini/gemini.ts";
import { openAiAudio } from "./dialects/openai-audio/openai-audio.ts";
import { openAiChat } from "./dialects/openai-chat/openai-chat.ts";
import { openAiCompletions } from "./dialects/openai-completions/openai-completions.ts";
import { openAiEmbeddings } from "./dialects/openai-embeddings/openai-embeddings.ts";
import { openAiFiles } from "./dialects/openai-files/openai-files.ts";
import { openAiImages } from "./dialects/openai-images/openai-images.ts";
import { openAiModels } from "./dialects/openai-models/openai-models.ts";
import { openAiModerations } from "./dialects/openai-moderations/openai-moderations.ts";
import { openAiResponses } from "./dialects/openai-responses/openai-responses.ts";
import { passthrough } from "./dialects/passthrough/passthrough.ts";

/** In the order in which they are asked: OpenAI's model list takes what nobody else claims. */
const dialects: readonly Dialect[] = [
  openAiChat,
  anthropic,
  openAiResponses,
  gemini,
  openAiCompletions,
  openAiEmbeddings,
  openAiModerations,
  openAiAudio,
  openAiImages,
  openAiFiles,
  actions,
  authzen,
  passthrough,
  openAiModels,
];

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
