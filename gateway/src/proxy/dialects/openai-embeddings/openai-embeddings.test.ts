import { expect, test } from "vitest";
import { matchedJson } from "../testing/matched.ts";
import { openAiEmbeddings } from "./openai-embeddings.ts";

const embeddings = matchedJson(openAiEmbeddings, "/v1/embeddings");

test("tells model, user and how much is embedded", () => {
  expect(embeddings.describe({ model: "m", input: ["a", "b"], user: "u" })).toMatchObject({
    model: "m",
    messageCount: 2,
    assertedUserId: "u",
    maxTokens: null,
  });
  expect(embeddings.describe({ model: "m", input: "a" }).messageCount).toBe(1);
});

test("reads its bill", () => {
  const facts = embeddings.meterJson({
    object: "list",
    model: "m-2",
    data: [{ object: "embedding", embedding: [0.1], index: 0 }],
    usage: { prompt_tokens: 8, total_tokens: 8 },
  });
  expect(facts).toMatchObject({
    modelUsed: "m-2",
    tokens: { inputUncached: 8, outputVisible: 0 },
    totalTokens: 8,
    usageIsFinal: true,
  });
  expect(embeddings.meterJson({ data: [] })).toMatchObject({ tokens: null, usageIsFinal: false });
  expect(embeddings.meterJson(undefined)).toMatchObject({ tokens: null, ended: false });
});

test("refuses a call without a model", () => {
  expect(() => embeddings.describe({ input: "a" })).toThrow(
    expect.objectContaining({ code: "WEIR_FIELD_INVALID" }),
  );
});
