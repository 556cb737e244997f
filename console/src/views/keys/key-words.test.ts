import { expect, test } from "vitest";
import { readModels, stateOf, usesOf } from "./key-words.ts";

test.each([
  [{ revokedAtMs: null, expiresAtMs: null }, "live"],
  [{ revokedAtMs: null, expiresAtMs: 11 }, "live"],
  [{ revokedAtMs: null, expiresAtMs: 10 }, "expired"],
  [{ revokedAtMs: 5, expiresAtMs: 11 }, "revoked"],
])("%j is %s at 10", (key, state) => {
  expect(stateOf(key, 10)).toBe(state);
});

test("a key that is not narrowed may do everything that its owner may", () => {
  expect(usesOf({ scopes: null, models: null })).toBe("Everything you may do");
  expect(usesOf({ scopes: ["llm:call"], models: ["sim-*"] })).toBe("Call models · sim-*");
});

test("models are read by commas and spaces, each once; nothing is no list", () => {
  expect(readModels(" gpt-5*, sim-echo\n gpt-5* ")).toEqual(["gpt-5*", "sim-echo"]);
  expect(readModels(" , ")).toBeUndefined();
});
