import type { Dialect, Operation, RequestHead } from "../dialect.ts";
import { renderOpenAiRefusal, renderOpenAiStreamError } from "../openai/error.ts";
import { imageEdits, imageVariations } from "./forms.ts";
import { imageGenerations } from "./generations.ts";

/** OpenAI images: https://platform.openai.com/docs/api-reference/images */
export const openAiImages: Dialect = {
  name: "openai-images",
  providerDialect: "openai",
  match: ({ method, path }: RequestHead) =>
    method === "POST" ? (operations.get(path) ?? null) : null,
  renderRefusal: renderOpenAiRefusal,
  renderStreamError: renderOpenAiStreamError,
};

const operations: ReadonlyMap<string, Operation> = new Map<string, Operation>([
  ["/v1/images/generations", imageGenerations(openAiImages)],
  ["/v1/images/edits", imageEdits(openAiImages)],
  ["/v1/images/variations", imageVariations(openAiImages)],
]);
