import { callFacts } from "../call-facts.ts";
import type { Dialect, JsonOperation, ResponseFacts } from "../dialect.ts";
import { modelField, shortText } from "../fields.ts";
import { isJsonObject } from "../json-body.ts";
import { completionTokens } from "../openai/completion-usage.ts";
import { renderOpenAiRefusal, renderOpenAiStreamError } from "../openai/error.ts";
import { simpleOperation } from "../openai/simple-operation.ts";
import { unknownResponse } from "../response-facts.ts";
import { count } from "../token-counts.ts";

/** OpenAI embeddings: https://platform.openai.com/docs/api-reference/embeddings */
export const openAiEmbeddings: Dialect = {
  name: "openai-embeddings",
  providerDialect: "openai",
  match: ({ method, path }) => (method === "POST" && path === "/v1/embeddings" ? embeddings : null),
  renderRefusal: renderOpenAiRefusal,
  renderStreamError: renderOpenAiStreamError,
};

const embeddings: JsonOperation = simpleOperation({
  id: "embeddings",
  dialect: openAiEmbeddings,
  upstreamPath: () => "/embeddings",
  describe: (body) =>
    callFacts({
      model: modelField(body),
      messageCount: Array.isArray(body["input"]) ? body["input"].length : 1,
      assertedUserId: shortText(body["user"]),
    }),
  meterJson,
});

function meterJson(body: unknown): ResponseFacts {
  const facts = unknownResponse();
  if (!isJsonObject(body)) return facts;
  const { model, usage } = body;
  facts.ended = true;
  if (typeof model === "string") facts.modelUsed = model;
  if (!isJsonObject(usage)) return facts;
  facts.tokens = completionTokens(usage);
  facts.totalTokens = count(usage, "total_tokens");
  facts.rawUsage = JSON.stringify(usage);
  facts.usageIsFinal = facts.tokens !== null;
  return facts;
}
