import { expect, test } from "vitest";
import type { ProviderConfig } from "../../config/schema.ts";
import { noTokens } from "../dialects/token-counts.ts";
import { createPricer } from "./price.ts";

const provider = (fields: Partial<ProviderConfig>): ProviderConfig => ({
  name: "p",
  dialect: "openai",
  baseUrl: "https://api.openai.com/v1",
  models: ["*"],
  prices: {},
  ...fields,
});
const tokens = {
  ...noTokens(),
  inputUncached: 1000,
  cacheRead: 100,
  cacheWrite5m: 200,
  outputVisible: 50,
};

test("an unknown model or provider is unpriced, never free", () => {
  const pricer = createPricer([
    provider({}),
    provider({ name: "own", baseUrl: "http://10.0.0.1/v1" }),
  ]);
  for (const [name, model] of [
    ["p", "no-such-model"],
    ["own", "gpt-5"],
    ["nobody", "gpt-5"],
  ] as const) {
    expect(pricer.price(name, model, tokens)).toEqual({
      microUsd: null,
      status: "unpriced",
      priceVersion: "",
    });
  }
});

test("missing usage has no price", () => {
  const pricer = createPricer([provider({ prices: { "*": { input: 1, output: 1 } } })]);
  expect(pricer.price("p", "m", null).status).toBe("unpriced");
});

test("own prices go before the public table, by pattern", () => {
  const pricer = createPricer([
    provider({ prices: { "gpt-*": { input: 2, output: 8, cacheRead: 0.5 } } }),
  ]);
  // 1000 × 2 + 100 × 0.5 + 200 × 2 (writes cost what input costs) + 50 × 8
  expect(pricer.price("p", "gpt-5", tokens)).toEqual({
    microUsd: 2850,
    status: "priced",
    priceVersion: "weir.yaml",
  });
});

test("the public table prices each cache class by itself", () => {
  const pricer = createPricer([
    provider({ name: "a", dialect: "anthropic", baseUrl: "https://api.anthropic.com" }),
  ]);
  const at = (fields: object) =>
    pricer.price("a", "claude-sonnet-4-5", { ...noTokens(), ...fields }).microUsd;
  const input = at({ inputUncached: 100_000 }) ?? 0;
  expect(input).toBeGreaterThan(0);
  expect(at({ cacheRead: 100_000 })).toBe(input / 10);
  expect(at({ cacheWrite5m: 100_000 })).toBe(input * 1.25);
  expect(at({ cacheWrite1h: 100_000 })).toBe(input * 2);
});
