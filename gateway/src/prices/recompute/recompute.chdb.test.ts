import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { PriceOverride } from "../../config/price-override.ts";
import type { RecomputeProgress } from "../../contracts/api/prices.ts";
import { sampleCall } from "../../ledger/testing/events.ts";
import {
  emptyTables,
  openTestLedger,
  queryRows,
  type TestLedger,
} from "../../ledger/testing/test-ledger.ts";
import { createPricer } from "../pricer.ts";
import { provider } from "../testing/provider.ts";
import { insertCalls } from "../../ledger/testing/insert-events.ts";
import { expectRollUpsToAgree, mixedCalls } from "../testing/recorded-calls.ts";
import { openPendingNote, type PendingNote } from "./pending.ts";
import { recompute, type RecomputeRequest } from "./recompute.ts";
import { finishPending } from "./write-batch.ts";

const days = ["2026-11-23", "2026-11-24"];
let directory: string;
let ledger: TestLedger;
let note: PendingNote;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), "weir-recompute-"));
  ledger = await openTestLedger();
  note = openPendingNote(directory);
});
beforeEach(async () => {
  await emptyTables(ledger.client);
  await note.clear();
});
afterAll(async () => {
  await ledger.close();
  await rm(directory, { recursive: true, force: true });
});

function providersOf(price: PriceOverride | null) {
  const prices = price === null ? {} : { "sim-*": price };
  return [provider({ name: "simulator", baseUrl: "http://127.0.0.1:1/v1", prices })];
}

const rates = { input: 1, output: 4, serverTools: { web_search: 0.01 } };

const atOnce = <T>(work: () => Promise<T>) => work();

async function run(
  price: PriceOverride | null,
  changes: Partial<RecomputeRequest> = {},
): Promise<RecomputeProgress> {
  const request = { client: ledger.client, note, days, dryRun: false, whilePaused: atOnce };
  let last: RecomputeProgress | undefined;
  for await (const progress of recompute({ ...request, providers: providersOf(price), ...changes }))
    last = progress;
  if (last === undefined) throw new Error("no progress was told");
  return last;
}

async function rowsInForce() {
  return queryRows<Record<string, unknown>>(
    ledger.client,
    `SELECT * FROM calls WHERE id NOT IN (SELECT supersedes FROM calls WHERE supersedes != '')
     ORDER BY started_at, id`,
  );
}

async function countRows(): Promise<number> {
  const [row] = await queryRows<{ rows: string }>(
    ledger.client,
    "SELECT count() AS rows FROM calls",
  );
  return Number(row?.rows);
}

describe("recomputing prices", () => {
  test("corrects what costs something else now, formerly unpriced calls too, and nothing else", async () => {
    await insertCalls(ledger.client, mixedCalls(50));
    const before = await rowsInForce();
    const done = await run(rates);
    // 10 not billed are not looked at; 10 without usage stay unpriced.
    expect(done).toMatchObject({ finished: true, calls: 40, changed: 30, stillUnpriced: 10 });
    expect(done.oldMicroUsd).toBe(20 * 1234);
    const after = await rowsInForce();
    const total = after.reduce((sum, row) => sum + Number(row["cost_micro_usd"]), 0);
    expect(done.newMicroUsd).toBe(total);
    const changing = /^(id$|supersedes$|cost_|price_version|superseded_|spool_)/;
    const rest = (row: object) => Object.entries(row).filter(([name]) => !changing.test(name));
    expect(after.map(rest)).toEqual(before.map(rest));
    await expectRollUpsToAgree(ledger.client);
  });

  test("twice writes nothing the second time", async () => {
    await insertCalls(ledger.client, mixedCalls(50));
    await run(rates);
    const rows = await countRows();
    expect(await run(rates)).toMatchObject({ calls: 40, changed: 0 });
    expect(await countRows()).toBe(rows);
    await expectRollUpsToAgree(ledger.client);
  });

  test("again at other prices corrects the corrections, there and back", async () => {
    await insertCalls(ledger.client, mixedCalls(50));
    const first = await run(rates);
    const second = await run({ ...rates, output: 8 });
    expect(second).toMatchObject({ calls: 40, changed: 30, oldMicroUsd: first.newMicroUsd });
    await expectRollUpsToAgree(ledger.client);
    const third = await run(rates);
    expect(third).toMatchObject({ changed: 30, newMicroUsd: first.newMicroUsd });
    expect(await countRows()).toBe(50 + 3 * 30);
    await expectRollUpsToAgree(ledger.client);
  });

  test("a price that is gone leaves calls unpriced, not free", async () => {
    await insertCalls(ledger.client, mixedCalls(50));
    expect(await run(null)).toMatchObject({ changed: 20, newMicroUsd: 0, stillUnpriced: 40 });
    await expectRollUpsToAgree(ledger.client);
  });

  test("calls of a provider that the configuration does not name keep their cost", async () => {
    await insertCalls(ledger.client, mixedCalls(50));
    const done = await run(rates, { providers: [provider({ name: "another" })] });
    expect(done).toMatchObject({ calls: 0, changed: 0, leftAlone: 40 });
    expect(await countRows()).toBe(50);
  });

  test("a dry run says the same and writes nothing", async () => {
    await insertCalls(ledger.client, mixedCalls(50));
    const dry = await run(rates, { dryRun: true });
    expect(await countRows()).toBe(50);
    expect(dry).toEqual(await run(rates));
  });

  test("touches no day that it was not asked for", async () => {
    await insertCalls(ledger.client, mixedCalls(50));
    const done = await run(rates, { days: ["2026-11-24"] });
    expect(done).toMatchObject({ calls: 20, changed: 15 });
    const changed = await queryRows(
      ledger.client,
      "SELECT DISTINCT toString(toDate(started_at)) AS day FROM calls WHERE supersedes != ''",
    );
    expect(changed).toEqual([{ day: "2026-11-24" }]);
    await expectRollUpsToAgree(ledger.client);
  });

  test("a call by GPU-second keeps its cost while the rate is the same", async () => {
    const pricer = createPricer(providersOf({ gpuSecond: 0.0005 }));
    const cost = pricer.price("simulator", "sim-small", null, { upstreamMs: 777 });
    await insertCalls(ledger.client, [sampleCall(0, { cost })]);
    expect(await run({ gpuSecond: 0.0005 })).toMatchObject({ calls: 1, changed: 0 });
    // 812.345 ms less 0.312 ms in Weir
    expect(await run({ gpuSecond: 0.001 })).toMatchObject({ changed: 1, newMicroUsd: 812 });
  });

  test("of more calls than one page holds, at one and the same moment too, looks at each once", async () => {
    const { startedAtMs, principal } = sampleCall(0);
    const events = Array.from({ length: 4_500 }, (_, index) =>
      sampleCall(index, { startedAtMs, principal }),
    );
    await insertCalls(ledger.client, events);
    expect(await run(rates)).toMatchObject({ calls: 4_500, changed: 4_500 });
    expect(await run(rates)).toMatchObject({ calls: 4_500, changed: 0 });
    await expectRollUpsToAgree(ledger.client);
  });
});

test("rows that are erased between two pages of a recomputation do not come back", async () => {
  await insertCalls(ledger.client, mixedCalls(50));
  let pausedBy = 0;
  const whilePaused = async <T>(work: () => Promise<T>): Promise<T> => {
    pausedBy += 1;
    return work().finally(() => (pausedBy -= 1));
  };
  const written: number[] = [];
  const watched: PendingNote = {
    ...note,
    write: (batch) => {
      written.push(pausedBy);
      return note.write(batch);
    },
  };
  // Erasing waits for the same pause: what a page has read it has written before that.
  expect(await run(rates, { note: watched, whilePaused })).toMatchObject({ changed: 30 });
  expect(written.length).toBeGreaterThan(0);
  expect(written.every((paused) => paused === 1)).toBe(true);
  expect(pausedBy).toBe(0);
});

describe("a recomputation that breaks off", () => {
  /** Breaks off when it clears a note: after its batch has been written. */
  const noteThatStays = (): PendingNote => ({
    ...note,
    clear: () => Promise.reject(new Error("killed")),
  });

  async function breakOff(at: PendingNote): Promise<void> {
    const request = {
      client: ledger.client,
      providers: providersOf(rates),
      days,
      dryRun: false,
      whilePaused: atOnce,
    };
    const runs = recompute({ ...request, note: at });
    await expect(Array.fromAsync(runs)).rejects.toThrow("killed");
  }

  test("after its rows were written doubles none of them", async () => {
    await insertCalls(ledger.client, mixedCalls(50));
    await breakOff(noteThatStays());
    const rows = await countRows();
    expect(await finishPending(ledger.client, note)).toBe(true);
    expect(await countRows()).toBe(rows);
    await expectRollUpsToAgree(ledger.client);
    await run(rates);
    expect(await countRows()).toBe(80);
    await expectRollUpsToAgree(ledger.client);
  });

  test("before its rows were written loses none of them", async () => {
    await insertCalls(ledger.client, mixedCalls(50));
    const onlyNoted: PendingNote = {
      ...note,
      write: async (batch) => {
        await note.write(batch);
        throw new Error("killed");
      },
    };
    await breakOff(onlyNoted);
    expect(await countRows()).toBe(50);
    expect(await finishPending(ledger.client, note)).toBe(true);
    expect(await countRows()).toBe(65);
    expect(await finishPending(ledger.client, note)).toBe(false);
    await expectRollUpsToAgree(ledger.client);
  });

  test("between its rows and a roll-up fills the roll-up in", async () => {
    await insertCalls(ledger.client, mixedCalls(50));
    await ledger.client.command({ query: "DETACH TABLE calls_day_view" });
    await breakOff(noteThatStays());
    await ledger.client.command({ query: "ATTACH TABLE calls_day_view" });
    await expect(expectRollUpsToAgree(ledger.client)).rejects.toThrow("deeply equal");
    expect(await finishPending(ledger.client, note)).toBe(true);
    await expectRollUpsToAgree(ledger.client);
  });

  test("leaves a note that, damaged, is not guessed at", async () => {
    await writeFile(join(directory, "recompute.json"), '{"partition":"2026');
    await expect(run(rates)).rejects.toMatchObject({ code: "WEIR_RECOMPUTE_NOTE" });
  });
});
