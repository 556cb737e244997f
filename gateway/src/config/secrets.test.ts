import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { describeConfig } from "./describe.ts";
import { loadConfig } from "./load-config.ts";
import { readProviderSecrets } from "./secrets.ts";

let directory: string;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "weir-secrets-"));
});

afterEach(() => {
  rmSync(directory, { recursive: true });
});

const provider = (name: string, apiKeyEnv?: string) => ({
  name,
  dialect: "openai" as const,
  baseUrl: "http://127.0.0.1:1",
  models: ["*"],
  prices: {},
  ...(apiKeyEnv === undefined ? {} : { apiKeyEnv }),
});

test("keys come from variables, or from the files that <NAME>_FILE names, without their line end", () => {
  const file = join(directory, "key");
  writeFileSync(file, "from-file\n");
  const config = { providers: [provider("a", "A_KEY"), provider("b", "B_KEY"), provider("c")] };
  const secrets = readProviderSecrets(config, { A_KEY: "from-env", B_KEY_FILE: file });
  expect([...secrets]).toEqual([
    ["a", "from-env"],
    ["b", "from-file"],
  ]);
});

test.each([
  [{}, /A_KEY: provider a: is not set/],
  [{ A_KEY: "x", A_KEY_FILE: "/y" }, /A_KEY_FILE too/],
  [{ A_KEY_FILE: "/nonexistent/key" }, /cannot be read \(ENOENT\)/],
  [{ A_KEY: "  " }, /it is empty/],
  [{ A_KEY: "sk-one\nsk-two" }, /is not a key/],
])("%j is a problem", (env, expected) => {
  expect(() => readProviderSecrets({ providers: [provider("a", "A_KEY")] }, env)).toThrow(expected);
});

test("no error shows a key", () => {
  const read = () =>
    readProviderSecrets({ providers: [provider("a", "A_KEY")] }, { A_KEY: "sk-one\nsk-two" });
  expect(read).toThrow(/^(?!.*sk-)/s);
});

test("the described configuration says that a key is set, and not what it is", () => {
  const env = { OPENAI_API_KEY: "sk-one", WEIR_CONTROL_TOKEN: "hidden" };
  const config = loadConfig({ env, flags: {}, cwd: directory });
  const text = JSON.stringify(describeConfig(config, env));
  expect(text).toContain('"apiKey":"set"');
  expect(text).toContain('"token":"set"');
  expect(text).not.toMatch(/sk-one|hidden/);
});
