import { describe, expect, test } from "vitest";
import { bestUpstream } from "./best-upstream.ts";
import { upstreamOf } from "./testing/upstream-of.ts";

const wanted = {
  dialect: "openai" as const,
  canTranslate: () => true,
  model: "gpt-5",
  providers: null,
};
const named = { models: ["gpt-*"] };
const anthropic = { dialect: "anthropic" as const };

describe("of two providers, whatever their order,", () => {
  test.each([
    ["one that names the model", upstreamOf("a", named), upstreamOf("b")],
    ["one that speaks the caller's dialect", upstreamOf("a"), upstreamOf("b", anthropic)],
    [
      "one that names the model in another dialect",
      upstreamOf("a", { ...named, ...anthropic }),
      upstreamOf("b"),
    ],
    [
      "of those that name it, one of the same dialect",
      upstreamOf("a", named),
      upstreamOf("b", { ...named, ...anthropic }),
    ],
    [
      "one that names it beside a star",
      upstreamOf("a", { models: ["*", "gpt-5"] }),
      upstreamOf("b", { models: ["*"] }),
    ],
  ])("%s is the better one", (_what, better, other) => {
    expect(bestUpstream([better, other], wanted)).toBe(better);
    expect(bestUpstream([other, better], wanted)).toBe(better);
  });
});

test("of equals, the first of the configuration", () => {
  const [first, second] = [upstreamOf("a", named), upstreamOf("b", named)];
  expect(bestUpstream([first, second], wanted)).toBe(first);
  expect(bestUpstream([second, first], wanted)).toBe(second);
});

test("none that does not serve the model, is not among the allowed, or cannot be spoken to", () => {
  const other = upstreamOf("a", { models: ["claude-*"] });
  const foreign = upstreamOf("b", anthropic);
  expect(bestUpstream([other], wanted)).toBeUndefined();
  expect(bestUpstream([foreign], { ...wanted, canTranslate: () => false })).toBeUndefined();
  expect(bestUpstream([foreign], { ...wanted, providers: new Set(["c"]) })).toBeUndefined();
  expect(bestUpstream([foreign], { ...wanted, providers: new Set<string>() })).toBeUndefined();
  expect(bestUpstream([], wanted)).toBeUndefined();
});

test("a pinned provider is taken though another would be better", () => {
  const pinned = upstreamOf("b");
  const all = [upstreamOf("a", named), pinned];
  expect(bestUpstream(all, { ...wanted, providers: new Set(["b"]) })).toBe(pinned);
});

test("a call without a model goes to the first of its dialect, whatever that one names", () => {
  const own = upstreamOf("b", named);
  expect(bestUpstream([upstreamOf("a", anthropic), own], { ...wanted, model: "" })).toBe(own);
});
