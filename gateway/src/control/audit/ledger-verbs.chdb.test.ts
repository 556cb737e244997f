import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { pino } from "pino";
import { afterEach, beforeEach, expect, test } from "vitest";
import { loadConfig } from "../../config/load-config.ts";
import type { Shipper } from "../../ledger/ship/start-shipper.ts";
import { collect } from "../../ledger/testing/collect.ts";
import { testsUseServer } from "../../ledger/testing/test-clickhouse.ts";
import { openTestLedger, type TestLedger, testShipper } from "../../ledger/testing/test-ledger.ts";
import type { LedgerHost } from "../ledger/host.ts";
import { auditUnavailable } from "../store/change.ts";
import { allowView, createStoreFixture, type StoreFixture } from "../testing/control-fixture.ts";
import { type LedgerVerb, ledgerVerbs } from "../testing/ledger-verbs.ts";
import { storeState } from "../testing/store-state.ts";
import { testsUsePostgres } from "../testing/test-store.ts";

let fixture: StoreFixture;
let ledger: TestLedger;
let shipper: Shipper;
let host: LedgerHost;

beforeEach(async () => {
  fixture = await createStoreFixture();
  const { directory, context } = fixture;
  ledger = await openTestLedger(directory);
  shipper = testShipper(ledger.client, join(directory, "spool"));
  host = {
    config: loadConfig({ env: {}, cwd: directory, flags: {}, needsSecrets: false }),
    dataDir: directory,
    client: ledger.client,
    context,
    log: pino({ enabled: false }),
    recordAccess: () => Promise.resolve(),
    decideView: allowView,
    shipNow: () => shipper.drain(),
    whilePaused: (work) => shipper.whilePaused(work),
  };
});

afterEach(async () => {
  await shipper.stop();
  await ledger.close();
  await fixture[Symbol.asyncDispose]();
});

// A backup is of files that Weir has to itself.
const isPossible = (name: string) =>
  name !== "backing up" || !(testsUseServer() || testsUsePostgres());
const table = Object.entries(ledgerVerbs).filter(([name]) => isPossible(name));

const actionsOf = async () =>
  (await fixture.store.selectFrom("adminLog").select("action").orderBy("sequence").execute()).map(
    ({ action }) => action,
  );

/** The control store, dead letters and backups: what verbs of the ledger change besides its rows. */
async function stateOf(): Promise<string> {
  const letters = join(fixture.directory, "spool", "dead-letters");
  const names = await readdir(letters).catch(() => []);
  const texts = await Promise.all(names.map((name) => readFile(join(letters, name), "utf8")));
  const backups = await readdir(join(fixture.directory, "backups")).catch(() => []);
  const calls = await ledger.client.query({
    query: "SELECT count() AS calls FROM calls",
    format: "JSONEachRow",
  });
  const state = [await storeState(fixture.store), names, texts, backups, await calls.json()];
  return JSON.stringify(state);
}

async function prepare(verb: LedgerVerb): Promise<readonly string[]> {
  await verb.prepare?.(host);
  return actionsOf();
}

test.each(table)("%s writes exactly its row", async (_name, verb) => {
  const before = await prepare(verb);
  await collect(verb.act(host));
  expect((await actionsOf()).slice(before.length)).toEqual(verb.rows);
});

test.each(table)("%s changes nothing while it cannot be recorded", async (_name, verb) => {
  await prepare(verb);
  const before = await stateOf();
  const assertRecordable = () => {
    throw auditUnavailable();
  };
  const refused = { ...host, context: { ...host.context, assertRecordable } };
  await expect(collect(verb.act(refused))).rejects.toMatchObject({
    code: "WEIR_AUDIT_UNAVAILABLE",
  });
  expect(await stateOf()).toBe(before);
});

test.each(table)(
  "%s, left off after any of its steps, is done by doing it again",
  async (_name, verb) => {
    for (let steps = 1; ; steps += 1) {
      await prepare(verb);
      let taken = 0;
      for await (const step of verb.act(host)) {
        void step;
        taken += 1;
        if (taken === steps) break;
      }
      const isOver = taken < steps;
      const before = await actionsOf();
      fixture.clock.nowMs += 1000;
      if (verb.prepare !== undefined) await verb.prepare(host);
      await collect(verb.act(host));
      expect((await actionsOf()).slice(before.length)).toEqual(verb.rows);
      fixture.clock.nowMs += 1000;
      if (isOver) break;
    }
  },
);

test.skipIf(!isPossible("backing up"))(
  "bug: a backup of the same millisecond as another fails without taking that one away",
  async () => {
    const backUp = ledgerVerbs["backing up"];
    if (backUp === undefined) throw new Error("the table has backups");
    await collect(backUp.act(host));
    const folder = join(fixture.directory, "backups");
    const [name = ""] = await readdir(folder);
    const before = await readdir(join(folder, name));
    await expect(collect(backUp.act(host))).rejects.toMatchObject({ code: "EEXIST" });
    expect(before).toContain("manifest.json");
    expect(await readdir(join(folder, name))).toEqual(before);
  },
);
