import { afterAll, beforeAll, expect, test } from "vitest";
import { Value } from "typebox/value";
import { UnpricedModels } from "../contracts/api/prices.ts";
import { callOf, openTestLedger, type TestLedger } from "./testing/test-ledger.ts";
import { readUnpricedModels } from "./unpriced-models.ts";

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger.close());

const day = Date.UTC(2026, 2, 2, 12);
const dayStart = Date.UTC(2026, 2, 2);
const unpriced = { microUsd: null, status: "unpriced", priceVersion: "" } as const;
const model = (name: string) => ({ provider: "own", modelResolved: name, cost: unpriced });

function ask(query = {}, priced: readonly string[] = []) {
  const hasPrice = (_provider: string, name: string) => priced.includes(name);
  return readUnpricedModels(ledger.client, { query, hasPrice, nowMs: day });
}

/** Gives a call a cost, as recomputing prices does. */
async function correct(id: string): Promise<void> {
  await ledger.client.command({
    query: `INSERT INTO calls SELECT * REPLACE (
        'correction' AS id, {id:String} AS supersedes, 5 AS cost_micro_usd, 'priced' AS cost_status,
        NULL AS superseded_cost_micro_usd, 'unpriced' AS superseded_cost_status
      ) FROM calls AS c WHERE c.id = {id:String}`,
    query_params: { id },
  });
}

test("lists models without a price over everybody, until a correction gives their calls one", async () => {
  const corrected = callOf("ada", day, model("corrected"));
  const missing = { ...corrected.usage, tokens: null, source: "missing" as const };
  await ledger.insertCalls([
    callOf("ada", day, model("llama")),
    callOf("bob", day + 1000, model("llama")),
    callOf("ada", day - 86_400_000, model("qwen")),
    callOf("ada", day, { ...model("silent"), usage: missing }),
    callOf("ada", day),
    corrected,
  ]);
  await correct(corrected.id);
  const found = await ask();
  expect(Value.Check(UnpricedModels, found)).toBe(true);
  expect(found.models).toEqual([
    {
      provider: "own",
      model: "llama",
      calls: 2,
      tokens: 90,
      firstSeenMs: dayStart,
      lastSeenMs: dayStart,
      hasPriceNow: false,
    },
    expect.objectContaining({ model: "qwen", calls: 1, tokens: 45 }),
    expect.objectContaining({ model: "silent", calls: 1, tokens: 0 }),
  ]);
  const since = await ask({ from: "2026-03-02", to: "2026-03-02" });
  expect(since.models.map((each) => each.model)).toEqual(["llama", "silent"]);
  const before = await ask({ to: "2026-03-01" });
  expect(before.models.map((each) => each.model)).toEqual(["qwen"]);
});

test("a model that has a price by now is marked, and one that merely told no usage is left out", async () => {
  const { models } = await ask({}, ["llama", "silent"]);
  expect(models.map(({ model: name, hasPriceNow }) => [name, hasPriceNow])).toEqual([
    ["llama", true],
    ["qwen", false],
  ]);
});

test("a range that is none is refused", async () => {
  await expect(ask({ from: "2026-02-30" })).rejects.toMatchObject({ code: "WEIR_INVALID_RANGE" });
  await expect(ask({ from: "2026-03-02", to: "2026-03-01" })).rejects.toMatchObject({
    code: "WEIR_INVALID_RANGE",
  });
});
