import { createGoogle } from "@ai-sdk/google";
import { notTranslatable } from "../fate.ts";
import { NO_KEY, NOWHERE, type UpstreamDialect } from "./upstream-dialect.ts";

/** The model stands in the path: nothing that would change the path or add a query. */
const MODEL_NAME = /^(models\/|tunedModels\/)?[\w.-]+$/;

function modelInPath(modelId: string): string {
  if (MODEL_NAME.test(modelId) && !modelId.includes("..")) return modelId;
  throw notTranslatable("model", "Gemini's model names are letters, digits, '.', '_' and '-'.");
}

export const geminiUpstream: UpstreamDialect = {
  operationId: (stream) => (stream ? "gemini.streamGenerateContent" : "gemini.generateContent"),
  model: (modelId, fetch, newId) =>
    createGoogle({
      baseURL: `${NOWHERE}/v1beta`,
      apiKey: NO_KEY,
      fetch,
      generateId: newId,
    }).languageModel(modelInPath(modelId)),
  blankAnswer: JSON.stringify({ candidates: [{ content: { parts: [] }, finishReason: "STOP" }] }),
  tolerates: (warning) =>
    (warning.type === "compatibility" && warning.feature === "reasoning") ||
    // Calls of earlier turns without Google's signature get the stand-in that Google documents.
    (warning.type === "other" && warning.message.includes("skip_thought_signature_validator")),
  finish: (body) => body,
};
