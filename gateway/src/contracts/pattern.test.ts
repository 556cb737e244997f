import { expect, test } from "vitest";
import { matchesPattern } from "./pattern.ts";

test.each([
  ["gpt-5", "gpt-5", true],
  ["gpt-5", "gpt-5.1", false],
  ["*", "anything/at:all.v1", true],
  ["*", "", true],
  ["gpt-*", "gpt-5", true],
  ["gpt-*", "xgpt-5", false],
  ["*-mini", "gpt-5-mini", true],
  ["a*b*c", "a/b/c", true],
  ["a*b*c", "acb", false],
  ["ab*ba", "aba", false],
  ["a*a*a", "aa", false],
  ["a*a*a", "aaa", true],
  ["a.c", "abc", false],
  ["", "", true],
])("pattern %j on %j is %s", (pattern, name, expected) => {
  expect(matchesPattern(pattern, name)).toBe(expected);
});
