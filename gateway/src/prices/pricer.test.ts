import { calcPrice } from "@pydantic/genai-prices";
import { expect, test } from "vitest";
import type { PriceOverride } from "../config/price-override.ts";
import type { PriceFacts } from "./cost.ts";
import { loadPriceTable } from "./price-table.ts";
import { createPricer } from "./pricer.ts";
import { findInTable, tableCostOf } from "./table-cost.ts";
import { noTokens, provider } from "./testing/provider.ts";

const tokens = {
  ...noTokens,
  inputUncached: 1000,
  cacheRead: 100,
  cacheWrite5m: 200,
  outputVisible: 50,
};
const unpriced = { microUsd: null, status: "unpriced", priceVersion: "" };
const anthropic = provider({ name: "a", baseUrl: "https://api.anthropic.com" });

function withOverride(price: PriceOverride, pattern = "*") {
  const pricer = createPricer([provider({ prices: { [pattern]: price } })]);
  return (counts: typeof tokens | null, facts?: PriceFacts) =>
    pricer.price("p", "gpt-5", counts, facts);
}

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
    expect(pricer.price(name, model, tokens)).toEqual(unpriced);
  }
});

test("missing usage has no price, unless the price needs none", () => {
  expect(withOverride({ input: 1, output: 1 })(null)).toEqual(unpriced);
  expect(createPricer([anthropic]).price("a", "claude-sonnet-5", null)).toEqual(unpriced);
  expect(withOverride({ free: true })(null).microUsd).toBe(0);
  expect(withOverride({ gpuSecond: 0.0005 })(null, { upstreamMs: 2000 }).microUsd).toBe(1000);
  expect(withOverride({ request: 0.01 })(null).microUsd).toBe(10_000);
});

test("own prices go before the public table, by pattern", () => {
  // 1000 × 2 + 100 × 0.5 + 200 × 2 (writes cost what input costs) + 50 × 8
  expect(withOverride({ input: 2, output: 8, cacheRead: 0.5 }, "gpt-*")(tokens)).toEqual({
    microUsd: 2850,
    status: "priced",
    priceVersion: expect.stringMatching(/^weir\.yaml\+[0-9a-f]{8}$/),
  });
  const table = withOverride({ input: 2, output: 8 }, "llama-*")(tokens);
  expect(table.priceVersion).toMatch(/^genai-prices@/);
});

test("an override prices every token class by its own rate, else by that of its kind", () => {
  const each = {
    inputUncached: 1e6,
    cacheRead: 1e6,
    cacheWrite5m: 1e6,
    cacheWrite1h: 1e6,
    outputVisible: 1e6,
    outputReasoning: 1e6,
    toolUsePrompt: 1e6,
    audioIn: 1e6,
    audioOut: 1e6,
  };
  const rates = {
    input: 1,
    output: 10,
    cacheRead: 100,
    cacheWrite: 1000,
    cacheWrite1h: 10_000,
    reasoning: 100_000,
    audioIn: 1_000_000,
    audioOut: 10_000_000,
    request: 0.5,
  };
  expect(withOverride(rates)(each).microUsd).toBe(11_111_112.5 * 1e6);
  expect(withOverride({ input: 1, output: 10, cacheWrite: 3 })(each).microUsd).toBe(40e6);
});

test("a model on hardware of one's own costs what its answer took, and is unpriced without that", () => {
  const price = withOverride({ gpuSecond: 0.0005 });
  expect(price(tokens, { upstreamMs: 1234.5 }).microUsd).toBe(617);
  expect(price(tokens)).toEqual(unpriced);
});

test("calls of a provider's own tools are priced where there is a price, and else leave the call unpriced", () => {
  const pricer = createPricer([anthropic]);
  const price = (serverToolCalls: Record<string, number>) =>
    pricer.price("a", "claude-sonnet-5", tokens, { serverToolCalls });
  const without = price({}).microUsd ?? Number.NaN;
  expect(price({ web_search_requests: 3 }).microUsd).toBe(without + 30_000);
  expect(price({ web_fetch_requests: 3 }).microUsd).toBe(without);
  expect(price({ web_search_requests: 0, other: 0 }).microUsd).toBe(without);
  expect(price({ code_execution_requests: 1 })).toEqual(unpriced);

  const own = withOverride({ input: 1, output: 1, serverTools: { web_search: 0.02 } });
  expect(own(noTokens, { serverToolCalls: { web_search_call: 2 } }).microUsd).toBe(40_000);
  expect(own(noTokens, { serverToolCalls: { file_search: 1 } })).toEqual(unpriced);
});

test("another rate is another version, in whatever order it is written", () => {
  const version = (price: PriceOverride) => withOverride(price)(tokens).priceVersion;
  expect(version({ input: 1, output: 2 })).toBe(version({ output: 2, input: 1 }));
  expect(version({ input: 1, output: 2 })).not.toBe(version({ input: 1, output: 2.1 }));
  expect(version({ free: true })).not.toBe(version({ request: 0 }));
});

test("the public table prices each cache class by itself", () => {
  const pricer = createPricer([anthropic]);
  const at = (fields: object) =>
    pricer.price("a", "claude-sonnet-5", { ...noTokens, ...fields }).microUsd;
  const input = at({ inputUncached: 100_000 }) ?? 0;
  expect(input).toBeGreaterThan(0);
  expect(at({ cacheRead: 100_000 })).toBe(input / 10);
  expect(at({ cacheWrite5m: 100_000 })).toBe(input * 1.25);
  expect(at({ cacheWrite1h: 100_000 })).toBe(input * 2);
});

test("a call of the past is priced as of its own day, a long prompt by its tier", () => {
  const pricer = createPricer([anthropic]);
  const at = (day: string) =>
    pricer.price(
      "a",
      "claude-sonnet-4-6",
      { ...noTokens, inputUncached: 300_000 },
      { atMs: Date.parse(day) },
    ).microUsd;
  expect(at("2026-03-12")).toBe(1_800_000);
  expect(at("2026-03-13")).toBe(900_000);
});

test("a model that is listed without a rate is unpriced, but for what is free by its provider's word", () => {
  const pricer = createPricer([provider({})]);
  expect(pricer.price("p", "omni-moderation-latest", null).microUsd).toBe(0);
  const listed = provider({ name: "g", baseUrl: "https://generativelanguage.googleapis.com" });
  const input = { ...noTokens, inputUncached: 5 };
  expect(createPricer([listed]).price("g", "gemma-3-27b-it", input)).toEqual(unpriced);
});

test("no model of the table makes pricing throw, whatever token classes come together", () => {
  const { providers } = loadPriceTable();
  const classes = Object.keys(noTokens);
  for (const table of providers) {
    for (const model of table.models) {
      const costOf = tableCostOf({ provider: { ...table, models: [model] }, model }, model.id);
      for (let bits = 0; bits < 1 << classes.length; bits += 27) {
        const some = { ...noTokens };
        for (const [at, name] of classes.entries()) {
          if ((bits >> at) & 1) Object.assign(some, { [name]: 1000 + at });
        }
        const facts = { atMs: Date.UTC(2026, 10, 23), serverToolCalls: { web_search: bits & 1 } };
        expect(() => costOf(some, facts), `${table.id}/${model.id}`).not.toThrow();
      }
    }
  }
});

test("the price found for a name is the one that the library finds", () => {
  const entry = findInTable("https://api.openai.com/v1", "gpt-5-mini");
  const cost = createPricer([provider({})]).price("p", "gpt-5-mini", tokens);
  const usage = { input_tokens: 1300, cache_read_tokens: 100, cache_write_tokens: 200 };
  const byLibrary = calcPrice({ ...usage, output_tokens: 50 }, "gpt-5-mini", {
    providerId: "openai",
  });
  expect(entry?.model.id).toBe("gpt-5-mini");
  // A sum that falls between two micro-dollars is rounded by floating point in the library.
  const byLibraryMicroUsd = (byLibrary?.total_price ?? 0) * 1_000_000;
  expect(Math.abs((cost.microUsd ?? 0) - byLibraryMicroUsd)).toBeLessThan(0.501);
});
