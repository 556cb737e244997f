import { expect, test } from "vitest";
import { noTokens } from "../token-counts.ts";
import { geminiTokens } from "./usage.ts";

const audio = (tokenCount: number) => [
  { modality: "TEXT", tokenCount: 1 },
  { modality: "AUDIO", tokenCount },
];

test("takes cached tokens and audio out of the totals, and adds thoughts and tools' prompts", () => {
  const tokens = geminiTokens({
    promptTokenCount: 100,
    cachedContentTokenCount: 30,
    candidatesTokenCount: 20,
    thoughtsTokenCount: 11,
    toolUsePromptTokenCount: 13,
    totalTokenCount: 144,
    promptTokensDetails: audio(40),
    cacheTokensDetails: audio(10),
    candidatesTokensDetails: audio(5),
  });
  expect(tokens).toEqual({
    ...noTokens(),
    inputUncached: 40,
    cacheRead: 30,
    audioIn: 30,
    outputVisible: 15,
    audioOut: 5,
    outputReasoning: 11,
    toolUsePrompt: 13,
  });
  expect(Object.values(tokens ?? {}).reduce((sum, count) => sum + count, 0)).toBe(144);
});

test.each([
  [null],
  [{}],
  ["text"],
  [{ totalTokenCount: 7 }],
  [{ promptTokenCount: "7" }],
  [{ promptTokenCount: -1 }],
  [{ promptTokenCount: 1.5 }],
])("makes nothing up from %j", (usage) => expect(geminiTokens(usage)).toBeNull());

test.each([
  [{ promptTokenCount: 10, cachedContentTokenCount: 11 }],
  [{ promptTokenCount: 10, promptTokensDetails: audio(11) }],
  [{ promptTokenCount: 10, promptTokensDetails: audio(2), cacheTokensDetails: audio(3) }],
  [{ promptTokenCount: 1, candidatesTokenCount: 2, candidatesTokensDetails: audio(3) }],
])("keeps silent when a part is larger than its whole: %j", (usage) =>
  expect(geminiTokens(usage)).toBeNull(),
);
