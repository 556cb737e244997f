import { expect, test } from "vitest";
import { overridesDigest } from "./overrides-digest.ts";
import { provider } from "./testing/provider.ts";

const digest = (prices: Parameters<typeof provider>[0]["prices"], name = "p") =>
  overridesDigest([provider({ name: "other" }), provider({ name, prices: prices ?? {} })]);

test("another rate, pattern, order of patterns or provider is another digest", () => {
  const own = digest({ "a*": { input: 1, output: 2 }, b: { free: true } });
  const others = [
    digest({ "a*": { input: 1, output: 3 }, b: { free: true } }),
    digest({ "a-*": { input: 1, output: 2 }, b: { free: true } }),
    digest({ b: { free: true }, "a*": { input: 1, output: 2 } }),
    digest({ "a*": { input: 1, output: 2 }, b: { free: true } }, "q"),
    digest({}),
  ];
  expect(new Set([own, ...others]).size).toBe(6);
  expect(digest({ "a*": { input: 1, output: 2 }, b: { free: true } })).toBe(own);
});

test("providers without prices of their own, which the environment brings, change nothing", () => {
  expect(digest({})).toBe(overridesDigest([]));
});
