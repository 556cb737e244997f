import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sampleCall } from "../testing/events.ts";
import { insertCalls } from "../testing/insert-events.ts";
import { emptyTables, openTestLedger, queryRows, type TestLedger } from "../testing/test-ledger.ts";
import { compareDay } from "./compare.ts";
import { repairRollUps } from "./repair.ts";
import { readRollUps, type RollUpTable, rollUpTables } from "./roll-up.ts";

const DAY_MS = 86_400_000;
const day = "20261123";
const quiet = { warn: () => undefined, error: () => undefined };
let ledger: TestLedger;

beforeAll(async () => {
  ledger = await openTestLedger();
});

afterAll(() => ledger.close());

beforeEach(async () => {
  await emptyTables(ledger.client);
  const calls = Array.from({ length: 60 }, (_each, index) => {
    const call = sampleCall(index, { modelResolved: `sim-${index % 3}` });
    return { ...call, startedAtMs: call.startedAtMs + (index % 2) * DAY_MS };
  });
  await insertCalls(ledger.client, calls);
});

/** Every group of a roll-up with its sums, merged or not. */
async function content(table: RollUpTable): Promise<string> {
  const rollUp = (await readRollUps(ledger.client)).find((each) => each.table === table);
  if (rollUp === undefined) throw new Error(table);
  const sums = rollUp.sums.map(({ name }) => `sum(t.${name}) AS ${name}`).join(", ");
  const keys = rollUp.keys.join(", ");
  const query = `SELECT ${keys}, ${sums} FROM ${table} AS t GROUP BY ${keys} ORDER BY ${keys}`;
  return JSON.stringify(await queryRows(ledger.client, query));
}

async function differing(): Promise<string[]> {
  const found: string[] = [];
  for (const rollUp of await readRollUps(ledger.client))
    for (const each of [day, "20261124"])
      if ((await compareDay(ledger.client, rollUp, each)) !== null)
        found.push(`${rollUp.table} ${each}`);
  return found;
}

const damages: readonly [string, (table: string) => string][] = [
  ["that lost rows", (table) => `ALTER TABLE ${table} DELETE WHERE model = 'sim-1'`],
  ["that got its rows twice", (table) => `INSERT INTO ${table} SELECT * FROM ${table}`],
  ["that lost everything", (table) => `TRUNCATE TABLE ${table}`],
  [
    "of which one sum is off by one",
    (table) =>
      `ALTER TABLE ${table} UPDATE tool_use_prompt = tool_use_prompt + 1 WHERE model = 'sim-2'`,
  ],
];

describe("a roll-up", () => {
  test("as the views fill it equals the raw rows", async () => {
    expect(await differing()).toEqual([]);
    expect(await repairRollUps(ledger.client, [day, "20261124"], quiet)).toEqual([]);
  });

  for (const table of rollUpTables) {
    test.each(damages)(`${table} %s is found and made equal again`, async (_name, damage) => {
      const before = await content(table);
      await ledger.client.command({
        query: `${damage(table)} SETTINGS mutations_sync = 2, insert_deduplicate = 0`,
      });
      expect(await content(table)).not.toBe(before);
      const repairs = await repairRollUps(ledger.client, [day, "20261124"], quiet);
      const tables = new Set(repairs.map(({ difference }) => difference.table));
      // What is filled from a roll-up that is wrong cannot be told apart from it until it is right.
      expect(tables).toContain(table);
      expect(repairs.every(({ isRepaired }) => isRepaired)).toBe(true);
      for (const each of rollUpTables) expect(await differing()).not.toContain(each);
      expect(await content(table)).toBe(before);
      expect(await differing()).toEqual([]);
    });
  }

  test("is made anew a day at a time: other days of its partition stay as they are", async () => {
    const { client } = ledger;
    await client.command({
      query: "INSERT INTO calls_hour SELECT * FROM calls_hour SETTINGS insert_deduplicate = 0",
    });
    await repairRollUps(client, [day], quiet);
    expect(await differing()).toContain("calls_hour 20261124");
    expect(await differing()).not.toContain(`calls_hour ${day}`);
  });

  test("is made anew over what a crash left behind", async () => {
    const { client } = ledger;
    await client.command({ query: "CREATE TABLE calls_hour_rebuilt AS calls_hour" });
    await client.command({ query: "INSERT INTO calls_hour_rebuilt SELECT * FROM calls_hour" });
    await client.command({ query: "TRUNCATE TABLE calls_hour" });
    await repairRollUps(client, [day, "20261124"], quiet);
    expect(await differing()).toEqual([]);
    const left = await queryRows(
      client,
      "SELECT name FROM system.tables WHERE name LIKE '%rebuilt'",
    );
    expect(left).toEqual([]);
  });

  test("counts corrections as the views do", async () => {
    const call = sampleCall(3);
    await insertCalls(ledger.client, [
      { ...call, id: "corrected", supersedes: call.id, cost: { ...call.cost, microUsd: 9 } },
    ]);
    expect(await differing()).toEqual([]);
  });
});
