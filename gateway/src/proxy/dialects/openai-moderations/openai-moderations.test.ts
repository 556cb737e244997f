import { expect, test } from "vitest";
import { matchedJson } from "../testing/matched.ts";
import { openAiModerations } from "./openai-moderations.ts";

const moderations = matchedJson(openAiModerations, "/v1/moderations");

test("goes by the model that the API takes where none is named", () => {
  expect(moderations.describe({ input: "a" }).model).toBe("omni-moderation-latest");
  expect(moderations.describe({ model: null, input: "a" }).model).toBe("omni-moderation-latest");
  expect(moderations.describe({ model: "m", input: ["a", "b"] })).toMatchObject({
    model: "m",
    messageCount: 2,
  });
});

test("costs nothing, which is not the same as a bill that is missing", () => {
  expect(moderations.free).toBe(true);
  const facts = moderations.meterJson({ id: "modr-1", model: "m-2", results: [] });
  expect(facts).toMatchObject({ modelUsed: "m-2", usageIsFinal: true });
  expect(Object.values(facts.tokens ?? {})).toEqual(Array.from({ length: 9 }, () => 0));
  expect(moderations.meterJson({ error: {} }).tokens).toBeNull();
});
