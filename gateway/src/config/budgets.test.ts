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

test.each([
  ["http://127.0.0.1:6379", /is not the URL/],
  ["127.0.0.1", /is not the URL/],
  ["redis://:secret@127.0.0.1:6379", /must not hold a password/],
])("refuses %s for a Valkey, and does not show a password", (valkeyUrl, message) => {
  const problems = crossProblems({ limits: { valkeyUrl } });
  expect(problems).toEqual([
    { path: ["limits", "valkeyUrl"], message: expect.stringMatching(message) },
  ]);
  expect(JSON.stringify(problems)).not.toContain("secret");
});

test("takes parts of a dollar, concurrency without a window, and no id twice", () => {
  const fine = [
    budget({ unit: "usd", limit: 0.5 }),
    budget({ id: "c", unit: "concurrency", window: undefined }),
  ];
  expect(crossProblems({ budgets: fine })).toEqual([]);
  expect(crossProblems({ budgets: [budget({}), budget({})] })).toHaveLength(1);
});
