import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { randomBytes } from "node:crypto";
import { pino } from "pino";
import { loadConfig } from "../../../config/load-config.ts";
import { sampleCall, sampleDecision } from "../../../ledger/testing/events.ts";
import { collect } from "../../../ledger/testing/collect.ts";
import { insertCalls, insertDecisions } from "../../../ledger/testing/insert-events.ts";
import {
  emptyTables,
  openTestLedger,
  type TestLedger,
} from "../../../ledger/testing/test-ledger.ts";
import { allowView, createStoreFixture, type StoreFixture } from "../../testing/control-fixture.ts";
import type { LedgerHost } from "../host.ts";
import { verifyOperation } from "./verify.ts";

let ledger: TestLedger;
let fixture: StoreFixture;
let host: LedgerHost;

beforeAll(async () => {
  ledger = await openTestLedger();
  fixture = await createStoreFixture();
  host = {
    config: loadConfig({ env: {}, cwd: fixture.directory, flags: {}, needsSecrets: false }),
    dataDir: fixture.directory,
    client: ledger.client,
    context: { ...fixture.context, randomBytes },
    log: pino({ enabled: false }),
    recordAccess: () => Promise.resolve(),
    shipNow: () => Promise.resolve(),
    decideView: allowView,
    whilePaused: (work) => work(),
  };
});

afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
  await ledger.close();
});

const events = Array.from({ length: 20 }, (_each, index) => index);

beforeEach(async () => {
  await emptyTables(ledger.client);
  await insertDecisions(
    ledger.client,
    events.map((index) => sampleDecision(index)),
  );
  await insertCalls(
    ledger.client,
    events.map((index) => sampleCall(index)),
  );
});

async function verify(repair = false) {
  const steps = await collect(verifyOperation.run(host, { repair }));
  const findings = steps.flatMap((step) => step.findings);
  return { last: steps.at(-1), findings };
}

const run = (query: string) =>
  ledger.client.command({ query: `${query} SETTINGS mutations_sync = 2` });

describe("verifying the ledger", () => {
  test("finds nothing in one that is whole", async () => {
    const { last, findings } = await verify();
    expect(findings).toEqual([]);
    expect(last).toMatchObject({ finished: true, days: 1, daysDone: 1, found: 0 });
  });

  test("names a call that is there twice, and its place in the spool", async () => {
    await insertCalls(ledger.client, [sampleCall(4)]);
    expect((await verify()).findings).toMatchObject([
      { check: "id-twice", table: "calls", day: "20261123", id: "call-4" },
    ]);
    await run(
      "ALTER TABLE calls UPDATE spool_id = 's', spool_epoch = 1, spool_sequence = 7 WHERE id IN ('call-5', 'call-6')",
    );
    const { findings } = await verify();
    expect(findings).toContainEqual(
      expect.objectContaining({ check: "position-twice", id: "s@1:7" }),
    );
  });

  test("names a call whose decision is gone, and one whose corrected row is", async () => {
    await run("ALTER TABLE decisions DELETE WHERE id = 'decision-3'");
    const call = sampleCall(8);
    await insertCalls(ledger.client, [{ ...call, id: "correction", supersedes: "nowhere" }]);
    expect((await verify()).findings).toMatchObject([
      { check: "decision-missing", id: "call-3" },
      { check: "corrected-missing", id: "correction" },
    ]);
  });

  test("names calls whose cost and its status do not agree", async () => {
    const { cost } = sampleCall(0);
    await insertDecisions(ledger.client, [sampleDecision(30), sampleDecision(31)]);
    await insertCalls(ledger.client, [
      sampleCall(30, { cost: { ...cost, microUsd: null } }),
      sampleCall(31, { cost: { ...cost, status: "unpriced" } }),
    ]);
    const { findings } = await verify();
    expect(findings.map(({ check, id }) => `${check} ${id}`).toSorted()).toEqual([
      "cost call-30",
      "cost call-31",
    ]);
  });

  test("leaves a wrong roll-up until it is asked to repair it", async () => {
    await run("ALTER TABLE calls_hour DELETE WHERE person_id = 'person-2'");
    const first = await verify();
    expect(first.findings.map(({ table }) => table)).toEqual(["calls_hour", "calls_day"]);
    expect(first.last).toMatchObject({ found: 2, repaired: 0 });
    const second = await verify(true);
    expect(second.findings).toMatchObject([{ table: "calls_hour", isRepaired: true }]);
    expect((await verify()).findings).toEqual([]);
  });
});
