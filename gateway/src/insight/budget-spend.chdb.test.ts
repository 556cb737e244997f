import { afterAll, beforeAll, expect, test } from "vitest";
import { counterKey } from "../budget/counter.ts";
import type { Budget } from "../contracts/budget.ts";
import { readSpends, spendsOf } from "./budget-spend.ts";
import { callOf, openTestLedger, type TestLedger } from "./testing/test-ledger.ts";

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

const nowMs = Date.UTC(2026, 2, 15, 12);
const dayStartMs = Date.UTC(2026, 2, 15);
const budget = (changes: Partial<Budget>): Budget => ({
  id: "b",
  scope: "person",
  of: "*",
  unit: "tokens",
  limit: 1,
  window: "day",
  timeZone: "UTC",
  enforcement: "hard",
  lastCall: "may_overrun",
  unpriced: "refuse",
  contact: "",
  raises: [],
  ...changes,
});

const read = async (changes: Partial<Budget>, only?: string) => {
  const asked = budget(changes);
  return spendsOf(asked, await readSpends(ledger.client, asked, nowMs, only));
};

/** Tokens of one `callOf`. */
const each = 45;

test("counts what reached a provider in the window, by whom, in each unit", async () => {
  await ledger.insertCalls([
    callOf("ada", nowMs - 1_000),
    callOf("ada", dayStartMs),
    callOf("ada", dayStartMs - 1),
    callOf("ada", nowMs, { outcome: "denied", attempts: 0 }),
    callOf("bob", nowMs, { outcome: "client_abort" }),
    // A list of models, and a client that left before a provider was asked.
    callOf("bob", nowMs, { operation: "models", provider: "", modelResolved: "" }),
    callOf("bob", nowMs, { outcome: "client_abort", provider: "", attempts: 0 }),
  ]);
  const spendOf = async (changes: Partial<Budget>) =>
    (await read(changes))
      .map(({ value, spent }) => [value, spent])
      .toSorted(([left], [right]) => (String(left) < String(right) ? -1 : 1));
  expect(await spendOf({})).toEqual([
    ["ada", 2 * each],
    ["bob", each],
  ]);
  expect(await spendOf({ unit: "requests" })).toEqual([
    ["ada", 2],
    ["bob", 1],
  ]);
  expect(await spendOf({ unit: "micro_usd" })).toEqual([
    ["ada", 20],
    ["bob", 10],
  ]);
  expect(await spendOf({ of: "a*" })).toEqual([["ada", 2 * each]]);
  expect(await spendOf({ scope: "team" })).toEqual([["default", 3 * each]]);
  expect(await spendOf({ scope: "model" })).toEqual([["sim-small", 3 * each]]);
  // Single calls are asked where no hourly sum can tell.
  expect(await spendOf({ scope: "key" })).toEqual([["key", 3 * each]]);
  expect(await spendOf({ scope: "session" })).toEqual([
    ["ada\t", 2 * each],
    ["bob\t", each],
  ]);
  expect(await spendOf({ scope: "run" })).toEqual([]);
  expect(await spendOf({ unit: "concurrency", window: null })).toEqual([]);
});

test("the hourly sums and the single calls tell the same", async () => {
  const whole = await read({ timeZone: "UTC" }, "ada");
  // A zone whose day begins at half past the hour: the same calls, read one by one.
  const odd = await read({ timeZone: "Asia/Kolkata" }, "ada");
  expect(whole.map(({ spent }) => spent)).toEqual([2 * each]);
  expect(odd.map(({ spent }) => spent)).toEqual([3 * each]);
  expect(whole[0]?.key).toBe(counterKey("b", dayStartMs, "ada"));
});
