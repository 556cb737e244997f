import { pino } from "pino";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { loadConfig } from "../../../config/load-config.ts";
import { collect } from "../../../ledger/testing/collect.ts";
import { sampleCall } from "../../../ledger/testing/events.ts";
import { testsUseServer } from "../../../ledger/testing/test-clickhouse.ts";
import {
  fillSpool,
  openTestLedger,
  type TestLedger,
  testShipper,
} from "../../../ledger/testing/test-ledger.ts";
import { allowView, createStoreFixture, type StoreFixture } from "../../testing/control-fixture.ts";
import { overviewOperation } from "./overview.ts";

let ledger: TestLedger;
let fixture: StoreFixture;

beforeAll(async () => {
  ledger = await openTestLedger();
  fixture = await createStoreFixture();
});

afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
  await ledger.close();
});

test("tells rows, bytes, span and retention of each table, what waits, what is dead, and the room", async () => {
  const spoolRoot = join(fixture.directory, "spool");
  await fillSpool(spoolRoot, 30);
  const shipper = testShipper(ledger.client, spoolRoot);
  await shipper.drain();
  await shipper.stop();
  await fillSpool(spoolRoot, 5);
  await mkdir(join(spoolRoot, "dead-letters"));
  await writeFile(join(spoolRoot, "dead-letters", "proxy-0-x.corrupt"), "x");
  const [overview] = await collect(
    overviewOperation.run(
      {
        config: loadConfig({ env: {}, cwd: fixture.directory, flags: {}, needsSecrets: false }),
        dataDir: fixture.directory,
        client: ledger.client,
        context: fixture.context,
        log: pino({ enabled: false }),
        recordAccess: () => Promise.resolve(),
        shipNow: () => Promise.resolve(),
        decideView: allowView,
        whilePaused: (work) => work(),
      },
      {},
    ),
  );
  expect(overview).toMatchObject({
    atMs: fixture.clock.nowMs,
    clickhouse: { isEmbedded: !testsUseServer(), version: expect.stringMatching(/^\d+\.\d+/) },
    migrations: { pending: [] },
    deadLetters: 0,
    deadLetterFiles: [{ kind: "corrupt" }],
  });
  const isoOf = (index: number) =>
    new Date(sampleCall(index).startedAtMs).toISOString().replace("T", " ").replace("Z", "");
  const calls = overview?.tables.find(({ table }) => table === "calls");
  expect(calls).toMatchObject({
    rows: 30,
    oldestRow: isoOf(0),
    newestRow: isoOf(29),
    retentionDays: 20_000,
  });
  expect(calls?.bytesPerRow).toBeGreaterThan(1);
  expect(overview?.tables.find(({ table }) => table === "calls_hour")?.oldestRow).not.toBe("");
  expect(overview?.spools).toMatchObject([
    {
      spoolId: "proxy-0",
      shippedRows: 30,
      lagRows: 5,
      oldestWaitingAtMs: sampleCall(0).startedAtMs,
    },
  ]);
  expect(overview?.diskFreeBytes).toBeGreaterThan(0);
});
