import { expect, test } from "vitest";
import { crossProblems } from "./cross-checks.ts";

const budget = (changes: object) => ({
  id: "b",
  by: "person",
  of: "*",
  unit: "tokens",
  limit: 10,
  window: "day",
  timeZone: "UTC",
  enforcement: "hard",
  lastCall: "may_overrun",
  contact: "",
  ...changes,
});

test.each([
  ["a limit without a window", { window: undefined }, "window", /is missing/],
  ["a window for concurrency", { unit: "concurrency" }, "window", /leave it out/],
  ["half a token", { limit: 0.5 }, "limit", /whole number of tokens/],
  ["a zone that is none", { timeZone: "Mars/Olympus" }, "timeZone", /IANA name/],
  ["an offset for a zone", { timeZone: "+02:00" }, "timeZone", /IANA name/],
])("refuses %s", (_what, changes, field, message) => {
  const problems = crossProblems({ budgets: [budget(changes)] });
  expect(problems).toEqual([
    { path: ["budgets", 0, field], message: expect.stringMatching(message) },
  ]);
});

test("takes parts of a dollar, concurrency without a window, and no id twice", () => {
  const fine = [
    budget({ unit: "usd", limit: 0.5 }),
    budget({ id: "c", unit: "concurrency", window: undefined }),
  ];
  expect(crossProblems({ budgets: fine })).toEqual([]);
  expect(crossProblems({ budgets: [budget({}), budget({})] })).toHaveLength(1);
});
