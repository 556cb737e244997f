import { expect, test } from "vitest";
import { loadConfig } from "./load-config.ts";
import { needsSimulator, withSimulator } from "./simulator.ts";

const load = (env: Record<string, string>) => loadConfig({ env, flags: {}, cwd: "/nonexistent" });
const url = "http://127.0.0.1:4567";

test("`auto` runs the simulator only while there is no provider", () => {
  expect(needsSimulator(load({}))).toBe(true);
  expect(needsSimulator(load({ OPENAI_API_KEY: "k" }))).toBe(false);
  expect(needsSimulator(load({ OPENAI_API_KEY: "k", WEIR_SIMULATOR: "on" }))).toBe(true);
  expect(needsSimulator(load({ WEIR_SIMULATOR: "off" }))).toBe(false);
});

test("alone, the simulator serves every model in all dialects, at a price", () => {
  const { providers } = withSimulator(load({}), url);
  expect(
    providers.map(({ name, dialect, baseUrl, models }) => [name, dialect, baseUrl, models]),
  ).toEqual([
    ["simulator", "openai", `${url}/v1`, ["*"]],
    ["simulator", "anthropic", url, ["*"]],
    ["simulator", "gemini", url, ["*"]],
  ]);
  expect(providers[0]?.prices["*"]).toEqual({
    input: 1,
    output: 4,
    cacheRead: 0.1,
    cacheWrite: 1.25,
  });
});

test("beside a real provider, the simulator takes `sim-*` and nothing else", () => {
  const { providers } = withSimulator(load({ OPENAI_API_KEY: "k" }), url);
  expect(providers.map(({ name, models }) => [name, models])).toEqual([
    ["simulator", ["sim-*"]],
    ["simulator", ["sim-*"]],
    ["simulator", ["sim-*"]],
    ["openai", ["*"]],
  ]);
});

test("the given configuration stays as it is", () => {
  const config = load({});
  expect(Object.isFrozen(withSimulator(config, url).providers)).toBe(true);
  expect(config.providers).toEqual([]);
});
