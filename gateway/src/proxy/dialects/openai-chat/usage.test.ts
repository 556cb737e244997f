import { expect, test } from "vitest";
import { noTokens } from "../token-counts.ts";
import { chatTokens } from "./usage.ts";

test("takes the parts out of OpenAI's inclusive totals", () => {
  const usage = {
    prompt_tokens: 100,
    completion_tokens: 50,
    total_tokens: 150,
    prompt_tokens_details: { cached_tokens: 30, audio_tokens: 5, cache_write_tokens: 7 },
    completion_tokens_details: { reasoning_tokens: 20, audio_tokens: 3 },
  };
  const tokens = chatTokens(usage);
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
  expect(Object.values(tokens ?? {}).reduce((sum, count) => sum + count, 0)).toBe(150);
});

test.each([[null], [{}], ["text"], [{ prompt_tokens: "7" }], [{ prompt_tokens: -1 }]])(
  "makes nothing up from %j",
  (usage) => expect(chatTokens(usage)).toBeNull(),
);

test("keeps silent when a part is larger than its whole: the provider counts otherwise", () => {
  const usage = {
    prompt_tokens: 10,
    completion_tokens: 1,
    prompt_tokens_details: { cached_tokens: 11 },
  };
  expect(chatTokens(usage)).toBeNull();
});
