import type { Dialect, Operation, RequestHead } from "../dialect.ts";
import { renderOpenAiRefusal, renderOpenAiStreamError } from "../openai/error.ts";
import { speech } from "./speech.ts";
import { transcription, translation } from "./transcripts.ts";

/** OpenAI audio: https://platform.openai.com/docs/api-reference/audio */
export const openAiAudio: Dialect = {
  name: "openai-audio",
  providerDialect: "openai",
  match: ({ method, path }: RequestHead) =>
    method === "POST" ? (operations.get(path) ?? null) : null,
  renderRefusal: renderOpenAiRefusal,
  renderStreamError: renderOpenAiStreamError,
};

const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ["/v1/audio/speech", speech(openAiAudio)],
  ["/v1/audio/transcriptions", transcription(openAiAudio)],
  ["/v1/audio/translations", translation(openAiAudio)],
]);
