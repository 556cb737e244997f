import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { loadConfig } from "../../../config/load-config.ts";
import { insertLines } from "../../../ledger/clickhouse/insert-lines.ts";
import { isEmbedded } from "../../../ledger/clickhouse/open.ts";
import { letterPath } from "../../../ledger/dead-letters/letter-files.ts";
import { columnsOf, versionOf } from "../../../ledger/rows/layout.ts";
import { encodeRecord, layouts, lineOf } from "../../../ledger/rows/record.ts";
import type { DeadLetter } from "../../../ledger/ship/dead-letters.ts";
import type { Shipper } from "../../../ledger/ship/start-shipper.ts";
import { collect } from "../../../ledger/testing/collect.ts";
import { sampleCall } from "../../../ledger/testing/events.ts";
import { testsUseServer } from "../../../ledger/testing/test-clickhouse.ts";
import {
  emptyTables,
  expectedTally,
  fillSpool,
  openTestLedger,
  tally,
  type TestLedger,
  testShipper,
} from "../../../ledger/testing/test-ledger.ts";
import { allowView, createStoreFixture, type StoreFixture } from "../../testing/control-fixture.ts";
import type { LedgerHost } from "../host.ts";
import { deadLettersDiscardOperation } from "./dead-letters-discard.ts";
import { deadLettersListOperation } from "./dead-letters-list.ts";
import { deadLettersRetryOperation } from "./dead-letters-retry.ts";

let ledger: TestLedger;
let fixture: StoreFixture;
let shipper: Shipper;
let host: LedgerHost;
let path: string;

/** Calls that a constraint keeps out, until it is dropped; and one that no table takes. */
const keptOut = [3, 17];
const unfit = 39;
const constraint = "tests CHECK input_uncached NOT IN (103, 117)";

beforeAll(async () => {
  ledger = await openTestLedger();
});

afterAll(() => ledger.close());

beforeEach(async () => {
  fixture = await createStoreFixture();
  const { directory, context } = fixture;
  const spoolRoot = join(directory, "spool");
  path = letterPath(spoolRoot, "proxy-0");
  await emptyTables(ledger.client);
  shipper = testShipper(ledger.client, spoolRoot);
  host = {
    config: loadConfig({ env: {}, cwd: directory, flags: {}, needsSecrets: false }),
    dataDir: directory,
    client: ledger.client,
    context,
    log: pino({ enabled: false }),
    recordAccess: () => Promise.resolve(),
    shipNow: () => shipper.drain(),
    decideView: allowView,
    whilePaused: (work) => shipper.whilePaused(work),
  };
});

afterEach(async () => {
  await shipper.stop();
  await fixture[Symbol.asyncDispose]();
  await alter("DROP CONSTRAINT IF EXISTS tests");
});

const alter = (change: string) => ledger.client.command({ query: `ALTER TABLE calls ${change}` });

/** Ships 40 calls, of which ClickHouse refuses three for two reasons. */
async function refuseThree(): Promise<void> {
  await alter(`ADD CONSTRAINT ${constraint}`);
  await fillSpool(join(fixture.directory, "spool"), 40, 0, (index) => {
    const { usage } = sampleCall(index);
    const tokens = usage.tokens === null ? null : { ...usage.tokens, cacheRead: -1 };
    return index === unfit ? { usage: { ...usage, tokens } } : {};
  });
  await shipper.drain();
  expect(await tally(ledger.client)).toEqual(expectedTally(40, 0, [...keptOut, unfit]));
}

const everything = { spool: "", code: "", sequences: [] };
type Selection = Parameters<typeof deadLettersRetryOperation.run>[1];
const list = async (selection: Partial<Selection> = {}) =>
  (await collect(deadLettersListOperation.run(host, { ...everything, ...selection }))).at(-1);
const retry = async (selection: Partial<Selection> = {}) =>
  (await collect(deadLettersRetryOperation.run(host, { ...everything, ...selection }))).at(-1);
const discard = async (selection: Partial<Selection> = {}) => {
  const request = { ...everything, reason: "tests", ...selection };
  return (await collect(deadLettersDiscardOperation.run(host, request))).at(-1);
};

describe("rows that ClickHouse refused", () => {
  test("the connection is the one that this run of the tests is about", () => {
    expect(isEmbedded(ledger.client)).toBe(!testsUseServer());
  });

  test("are listed by refusal, each with its row", async () => {
    await refuseThree();
    const found = await list();
    const ids = found?.letters.map(({ id, code }) => [id, code]);
    expect(ids?.toSorted()).toEqual([
      ["call-17", "CLICKHOUSE_469"],
      ["call-3", "CLICKHOUSE_469"],
      ["call-39", "CLICKHOUSE_27"],
    ]);
    const counts = found?.groups.map(({ code, count }) => [code, count]);
    expect(counts?.toSorted()).toEqual([
      ["CLICKHOUSE_27", 1],
      ["CLICKHOUSE_469", 2],
    ]);
  });

  test("stay while the cause does, byte for byte, however often they are retried", async () => {
    await refuseThree();
    const before = await readFile(path, "utf8");
    const refused = { finished: true, retried: 0, alreadyThere: 0, refused: 3 };
    expect(await retry()).toEqual(refused);
    expect(await retry()).toEqual(refused);
    expect(await readFile(path, "utf8")).toBe(before);
    expect(await tally(ledger.client)).toEqual(expectedTally(40, 0, [...keptOut, unfit]));
  });

  test("come in once each when the cause is mended; retried twice adds nothing", async () => {
    await refuseThree();
    await alter("DROP CONSTRAINT tests");
    expect(await retry()).toEqual({ finished: true, retried: 2, alreadyThere: 0, refused: 1 });
    expect(await tally(ledger.client)).toEqual(expectedTally(40, 0, [unfit]));
    expect(await retry()).toMatchObject({ retried: 0, alreadyThere: 0, refused: 1 });
    expect(await tally(ledger.client)).toEqual(expectedTally(40, 0, [unfit]));
    expect(await list()).toMatchObject({ total: 1, letters: [{ id: "call-39" }] });
  });

  test("come in once each when two retry at the same time, and more is shipped meanwhile", async () => {
    await refuseThree();
    await alter("DROP CONSTRAINT tests");
    const [one, other] = await Promise.all([retry(), retry(), shipper.drain()]);
    expect((one?.retried ?? 0) + (other?.retried ?? 0)).toBe(2);
    expect(await tally(ledger.client)).toEqual(expectedTally(40, 0, [unfit]));
  });

  test("are retried by refusal and by sequence, and the others left alone", async () => {
    await refuseThree();
    await alter("DROP CONSTRAINT tests");
    expect(await retry({ code: "CLICKHOUSE_27" })).toMatchObject({ retried: 0, refused: 1 });
    expect(await retry({ spool: "proxy-1" })).toMatchObject({ retried: 0, refused: 0 });
    const letters = (await list())?.letters ?? [];
    const sequence = letters.find(({ id }) => id === "call-17")?.sequence ?? 0;
    expect(await retry({ spool: "proxy-0", sequences: [sequence] })).toMatchObject({ retried: 1 });
    expect(await tally(ledger.client)).toEqual(expectedTally(40, 0, [3, unfit]));
  });

  test("attack: sequences without a spool retry nothing", async () => {
    await refuseThree();
    await alter("DROP CONSTRAINT tests");
    await expect(retry({ sequences: [4] })).rejects.toMatchObject({ code: "WEIR_INVALID_REQUEST" });
    await expect(retry({ spool: "../proxy-0" })).rejects.toMatchObject({
      code: "WEIR_INVALID_REQUEST",
    });
    expect(await tally(ledger.client)).toEqual(expectedTally(40, 0, [...keptOut, unfit]));
  });

  test("are in no table once discarded, and no retry brings them back", async () => {
    await refuseThree();
    await alter("DROP CONSTRAINT tests");
    expect(await discard({ code: "CLICKHOUSE_469" })).toMatchObject({ discarded: 2 });
    expect(await retry()).toMatchObject({ retried: 0, refused: 1 });
    expect(await discard()).toMatchObject({ discarded: 1 });
    expect(await retry()).toMatchObject({ retried: 0, refused: 0 });
    expect(await tally(ledger.client)).toEqual(expectedTally(40, 0, [...keptOut, unfit]));
    expect((await list())?.files.map(({ kind }) => kind)).toEqual(["discarded", "discarded"]);
  });

  test("more of them than one turn takes all come in, those that are there already not again", async () => {
    const letters = Array.from({ length: 203 }, (_, index) => letterOf(index));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, letters.map((each) => `${JSON.stringify(each)}\n`).join(""));
    const lines = letters.slice(0, 200).map(({ line }) => line);
    await insertLines(ledger.client, {
      table: "calls",
      columns: columnsOf(layouts.call, versionOf(layouts.call)),
      lines: Buffer.from(`${lines.join("\n")}\n`),
      token: "interrupted",
    });
    const steps = await collect(deadLettersRetryOperation.run(host, everything));
    expect(steps.map(({ retried, alreadyThere }) => [retried, alreadyThere])).toEqual([
      [0, 200],
      [3, 200],
      [3, 200],
    ]);
    expect(await tally(ledger.client)).toEqual(expectedTally(203));
    expect(await list()).toMatchObject({ total: 0, files: [] });
  });
});

function letterOf(index: number): DeadLetter {
  const { fields, version } = encodeRecord({ type: "call", event: sampleCall(index) });
  const position = { spoolId: "proxy-0", epoch: 1, sequence: index };
  return {
    ...position,
    table: "calls",
    version,
    partition: "20261123",
    atMs: 1000,
    code: "CLICKHOUSE_27",
    reason: "no such number",
    line: lineOf(position, fields),
  };
}
