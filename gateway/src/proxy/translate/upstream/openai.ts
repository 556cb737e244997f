import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { NO_KEY, NOWHERE, type UpstreamDialect } from "./upstream-dialect.ts";

/** OpenAI's own reasoning models refuse `max_tokens`; many compatible servers know only that. */
const OWN_MODEL = /^(gpt-|o\d|chatgpt-)/;

export const openAiUpstream: UpstreamDialect = {
  operationId: () => "chat.completions",
  model: (modelId, fetch) =>
    createOpenAICompatible({
      name: "openai",
      baseURL: NOWHERE,
      apiKey: NO_KEY,
      fetch,
      includeUsage: true,
      supportsStructuredOutputs: true,
      supportsMultiPartToolContent: true,
      transformRequestBody: ({ max_tokens: limit, ...rest }) =>
        OWN_MODEL.test(modelId)
          ? { ...rest, max_completion_tokens: limit }
          : { ...rest, max_tokens: limit },
    }).languageModel(modelId),
  blankAnswer: JSON.stringify({ choices: [{ message: { content: "" }, finish_reason: "stop" }] }),
  tolerates: () => false,
  finish: (body) => body,
};
