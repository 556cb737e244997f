import { expect, test } from "vitest";
import { crossProblems } from "./cross-checks.ts";
import { overrideFaults, type PriceOverride } from "./price-override.ts";

test.each<PriceOverride>([
  { free: true },
  { gpuSecond: 0.0005 },
  { request: 0.01 },
  { input: 0, output: 0 },
  { input: 1, output: 2, cacheRead: 0.1, cacheWrite1h: 2, reasoning: 3, serverTools: { a: 1 } },
])("%j is a sound price", (price) => {
  expect(overrideFaults(price)).toEqual([]);
});

test.each<[PriceOverride, RegExp]>([
  [{}, /no price/],
  [{ serverTools: { web_search: 0.01 } }, /no price/],
  [{ cacheRead: 1 }, /no price/],
  [{ free: false }, /free: false says nothing/],
  [{ free: true, input: 1, output: 1 }, /both free and input, output/],
  [{ free: true, gpuSecond: 1 }, /both free and gpuSecond/],
  [{ gpuSecond: 1, input: 1, output: 1 }, /both gpuSecond and input, output/],
  [{ gpuSecond: 1, request: 1 }, /both gpuSecond and request/],
  [{ input: 1 }, /output is missing beside input/],
  [{ output: 1 }, /input is missing beside output/],
  [{ request: 1, cacheRead: 1, reasoning: 1 }, /cacheRead, reasoning need input and output/],
])("%j is refused, and told why", (price, reason) => {
  expect(overrideFaults(price).join()).toMatch(reason);
});

test("a contradiction in weir.yaml is a problem of the configuration, with its place", () => {
  const provider = {
    name: "own",
    dialect: "openai",
    baseUrl: "http://127.0.0.1:1/v1",
    models: ["*"],
    prices: { "llama-*": { free: true, gpuSecond: 0.0005 } },
    webSocket: false,
    forwardTraceContext: false,
  };
  expect(crossProblems({ providers: [provider] })).toEqual([
    {
      path: ["providers", 0, "prices", "llama-*"],
      message: "says both free and gpuSecond. Keep one of the two",
    },
  ]);
});
