import { expect, test } from "vitest";
import { noTokens } from "../token-counts.ts";
import { completionTokens } from "./completion-usage.ts";

const sum = (tokens: ReturnType<typeof completionTokens>) =>
  Object.values(tokens ?? {}).reduce((total, count) => total + count, 0);

test("takes the parts out of OpenAI's inclusive totals", () => {
  const usage = {
    prompt_tokens: 100,
    completion_tokens: 50,
    total_tokens: 150,
    prompt_tokens_details: { cached_tokens: 30, audio_tokens: 5, cache_write_tokens: 7 },
    completion_tokens_details: { reasoning_tokens: 20, audio_tokens: 3 },
  };
  const tokens = completionTokens(usage);
  expect(tokens).toEqual({
    ...noTokens(),
    inputUncached: 58,
    cacheRead: 30,
    cacheWrite5m: 7,
    audioIn: 5,
    outputVisible: 27,
    outputReasoning: 20,
    audioOut: 3,
  });
  expect(sum(tokens)).toBe(150);
});

test.each([[null], [{}], ["text"], [{ prompt_tokens: "7" }], [{ prompt_tokens: -1 }]])(
  "makes nothing up from %j",
  (usage) => expect(completionTokens(usage)).toBeNull(),
);

test("keeps silent when a part is larger than its whole: the provider counts otherwise", () => {
  const usage = {
    prompt_tokens: 10,
    completion_tokens: 1,
    prompt_tokens_details: { cached_tokens: 11 },
  };
  expect(completionTokens(usage)).toBeNull();
  expect(completionTokens({ ...usage, total_tokens: 11 })).toBeNull();
});

const mixed = {
  prompt_tokens: 100,
  completion_tokens: 10,
  prompt_tokens_details: { cached_tokens: 80 },
  completion_tokens_details: { reasoning_tokens: 30 },
};

test.each([
  ["reasoning beside the completion", 140, { outputVisible: 10, outputReasoning: 30 }],
  ["the cache beside the prompt", 190, null],
  ["both beside their totals", 220, { inputUncached: 100, cacheRead: 80, outputVisible: 10 }],
])("lets the provider's sum tell that it counts %s", (_what, total, expected) => {
  const tokens = completionTokens({ ...mixed, total_tokens: total });
  if (expected === null) {
    // Reasoning is larger than the completion that is said to include it.
    expect(tokens).toBeNull();
    return;
  }
  expect(tokens).toMatchObject(expected);
  expect(sum(tokens)).toBe(total);
});

test("lets the cache stand beside the prompt when the sum says so", () => {
  const usage = {
    prompt_tokens: 5,
    completion_tokens: 10,
    total_tokens: 95,
    prompt_tokens_details: { cached_tokens: 80 },
  };
  expect(completionTokens(usage)).toMatchObject({ inputUncached: 5, cacheRead: 80 });
});

test("does not guess which part stands outside when two would fit", () => {
  const usage = {
    prompt_tokens: 50,
    completion_tokens: 50,
    total_tokens: 107,
    prompt_tokens_details: { cached_tokens: 7 },
    completion_tokens_details: { reasoning_tokens: 7 },
  };
  const tokens = completionTokens(usage);
  expect(tokens).toMatchObject({ inputUncached: 43, outputVisible: 43 });
  expect(sum(tokens), "a mismatch that can be flagged").not.toBe(107);
});

test.each([
  ["prompt_cache_hit_tokens", { prompt_cache_hit_tokens: 6, prompt_cache_miss_tokens: 4 }],
  ["cached_tokens", { cached_tokens: 6 }],
])("reads cache hits that a provider tells as %s beside the details", (_name, extra) => {
  const usage = { prompt_tokens: 10, completion_tokens: 1, total_tokens: 11, ...extra };
  expect(completionTokens(usage)).toMatchObject({ inputUncached: 4, cacheRead: 6 });
});
