import { callFacts } from "../call-facts.ts";
import type { Dialect, JsonOperation, ResponseFacts } from "../dialect.ts";
import { modelField } from "../fields.ts";
import { isJsonObject } from "../json-body.ts";
import { renderOpenAiRefusal, renderOpenAiStreamError } from "../openai/error.ts";
import { simpleOperation } from "../openai/simple-operation.ts";
import { unknownResponse } from "../response-facts.ts";
import { noTokens } from "../token-counts.ts";

/** OpenAI moderations, free of charge: https://platform.openai.com/docs/api-reference/moderations */
export const openAiModerations: Dialect = {
  name: "openai-moderations",
  providerDialect: "openai",
  match: ({ method, path }) =>
    method === "POST" && path === "/v1/moderations" ? moderations : null,
  renderRefusal: renderOpenAiRefusal,
  renderStreamError: renderOpenAiStreamError,
};

/** What the API takes where no model is named. */
const DEFAULT_MODEL = "omni-moderation-latest";

const moderations: JsonOperation = simpleOperation({
  id: "moderations",
  dialect: openAiModerations,
  free: true,
  upstreamPath: () => "/moderations",
  describe: (body) =>
    callFacts({
      model: (body["model"] ?? null) === null ? DEFAULT_MODEL : modelField(body),
      messageCount: Array.isArray(body["input"]) ? body["input"].length : 1,
    }),
  meterJson,
});

/** It tells no usage because there is none to pay for: that is a count of nothing, not a missing one. */
function meterJson(body: unknown): ResponseFacts {
  const facts = unknownResponse();
  if (!isJsonObject(body) || !Array.isArray(body["results"])) return facts;
  if (typeof body["model"] === "string") facts.modelUsed = body["model"];
  return { ...facts, tokens: noTokens(), usageIsFinal: true, ended: true };
}
