import { expect, test } from "vitest";
import { builtInProviders } from "./built-in-providers.ts";
import type { ProviderConfig } from "./schema.ts";

const own: ProviderConfig = {
  name: "own",
  dialect: "openai",
  baseUrl: "http://127.0.0.1:1/v1",
  models: ["*"],
  prices: {},
};
const names = (env: Record<string, string>, configured: ProviderConfig[] = []) =>
  builtInProviders(configured, env).map(({ name }) => name);

test("a well-known key adds its provider; Gemini stands before OpenAI, whose models are `*`", () => {
  expect(names({})).toEqual([]);
  expect(names({ OPENAI_API_KEY: "" })).toEqual([]);
  const all = { OPENAI_API_KEY: "a", ANTHROPIC_API_KEY: "b", GEMINI_API_KEY: "c" };
  expect(names(all)).toEqual(["anthropic", "gemini", "gemini", "openai"]);
});

test("a key in a file counts", () => {
  expect(names({ OPENAI_API_KEY_FILE: "/run/secrets/openai" })).toEqual(["openai"]);
});

test("what the file says about a provider stands alone, by name or by variable", () => {
  const env = { OPENAI_API_KEY: "a" };
  expect(names(env, [own])).toEqual(["openai"]);
  expect(names(env, [{ ...own, name: "openai" }])).toEqual([]);
  expect(names(env, [{ ...own, apiKeyEnv: "OPENAI_API_KEY" }])).toEqual([]);
});
