import { expect, test } from "vitest";
import { geminiPath, modelName, modelPath, resourceName } from "./path.ts";

test.each(["v1", "v1beta"] as const)("knows every verb of a model under /%s", (version) => {
  for (const verb of [
    "generateContent",
    "streamGenerateContent",
    "countTokens",
    "embedContent",
    "batchEmbedContents",
  ]) {
    const expected = { version, model: "gemini-2.5-flash", verb };
    expect(geminiPath(`/${version}/models/gemini-2.5-flash:${verb}`)).toEqual(expected);
  }
  expect(geminiPath(`/${version}/models`)).toEqual({ version, model: null, verb: null });
  expect(geminiPath(`/${version}/models/a.b`)).toEqual({ version, model: "a.b", verb: null });
});

test.each([
  ["/v1beta/tunedModels/mine-1:generateContent", "tunedModels/mine-1"],
  ["/v1beta/models/team/fast:generateContent", "team/fast"],
  ["/v1beta/models/team%2Ffast:generateContent", "team/fast"],
  ["/v1beta/models/qwen3:8b:generateContent", "qwen3:8b"],
  ["/v1beta/models/qwen3%3A8b:generateContent", "qwen3:8b"],
])("reads the model of %s", (path, model) => {
  expect(geminiPath(path)).toMatchObject({ model, verb: "generateContent" });
});

test.each([
  "/v1beta/models/../openai/chat:generateContent",
  "/v1beta/models/%2e%2e/secret:generateContent",
  "/v1beta/models/..%2Fcorpora:generateContent",
  "/v1beta/models/.:generateContent",
  "/v1beta/models/a//b:generateContent",
  "/v1beta/models/a/:generateContent",
  "/v1beta/models//a:generateContent",
  "/v1beta/models/:generateContent",
  "/v1beta/models/a%00:generateContent",
  "/v1beta/models/a%252Fb:generateContent",
  "/v1beta/models/a%zz:generateContent",
  "/v1beta/models/a%3Fkey=1:generateContent",
  "/v1beta/models/a%23b:generateContent",
  "/v1beta/models/a b:generateContent",
  "/v1beta/models/a\\b:generateContent",
  `/v1beta/models/${"a".repeat(257)}:generateContent`,
  "/v1beta/models/",
  "/v1beta/tunedModels",
  "/v2/models/a:generateContent",
  "/v1beta/corpora/a:generateContent",
  "/v1beta/cachedContents",
])("attack: takes %s for no model", (path) => expect(geminiPath(path)).toBeNull());

test.each([
  "/v1beta/models/a:generateContent:countTokens",
  "/v1beta/models/a%3AgenerateContent:countTokens",
  "/v1beta/models/a:generateContent/b:countTokens",
])("attack: does not call %s a free count", (path) => expect(geminiPath(path)).toBeNull());

test.each([
  "/v1beta/models/a:batchGenerateContent",
  "/v1beta/models/a:predict",
  "/v1beta/models/a:GenerateContent",
])("serves nothing under %s", (path) => expect(geminiPath(path)?.verb ?? null).toBeNull());

test("sends a model on as one segment, whatever is in its name", () => {
  expect(modelPath("v1", "gemini-2.5-flash")).toBe("/v1/models/gemini-2.5-flash");
  expect(modelPath("v1beta", "tunedModels/mine-1")).toBe("/v1beta/tunedModels/mine-1");
  expect(modelPath("v1beta", "../x?y")).toBe("/v1beta/models/..%2Fx%3Fy");
});

test("names models as Google does", () => {
  expect(resourceName("a")).toBe("models/a");
  expect(resourceName("tunedModels/a")).toBe("tunedModels/a");
  expect([modelName("models/a"), modelName("tunedModels/a"), modelName("a")]).toEqual([
    "a",
    "tunedModels/a",
    "a",
  ]);
});
