import { modelToEncodingMap } from "gpt-tokenizer/mapping";
import { chatEnabledModels } from "gpt-tokenizer/modelsChatEnabled.gen";
import { expect, test } from "vitest";
import { encodingOfModel } from "./encoding-of-model.ts";

// Harmony adds special tokens to o200k_base; plain text is counted alike.
const encodings: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(modelToEncodingMap).map(([name, encoding]) => [
    name,
    encoding === "o200k_harmony" ? "o200k_base" : encoding,
  ]),
);

// Older than anything that streams an answer today; their encodings are not loaded.
const withdrawn =
  /^(?:gpt-2|gpt2|text-(?:ada|babbage|curie|davinci)|ada|babbage$|curie|davinci$|code-|codex|cushman|davinci-codex)/;

test("every chat model that the tokenizer's tables know has the encoding they name", () => {
  const names = chatEnabledModels.filter((name) => !withdrawn.test(name));
  expect(names.length).toBeGreaterThan(60);
  const wrong = names.filter((name) => encodingOfModel(name) !== (encodings[name] ?? "o200k_base"));
  expect(wrong).toEqual([]);
});

test("every model of the tables that is counted in cl100k_base is so here", () => {
  const names = Object.keys(encodings).filter((name) => encodings[name] === "cl100k_base");
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name) => encodingOfModel(name) !== "cl100k_base")).toEqual([]);
});

test.each([
  ["openai/gpt-4-turbo", "cl100k_base"],
  ["gpt-35-turbo", "cl100k_base"],
  ["gpt-4o-mini", "o200k_base"],
  ["claude-opus-4-5", "o200k_base"],
  ["gemini-3-pro", "o200k_base"],
  ["my-gpt-4-clone", "o200k_base"],
  ["", "o200k_base"],
])("%s is counted in %s", (model, encoding) => {
  expect(encodingOfModel(model)).toBe(encoding);
});
