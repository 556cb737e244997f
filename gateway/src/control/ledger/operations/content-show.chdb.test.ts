import { randomBytes } from "node:crypto";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { loadConfig } from "../../../config/load-config.ts";
import type { AccessEvent } from "../../../contracts/audit-event.ts";
import type { ContentEvent } from "../../../contracts/content-event.ts";
import { collect } from "../../../ledger/testing/collect.ts";
import { insertContents } from "../../../ledger/testing/insert-events.ts";
import {
  emptyTables,
  openTestLedger,
  type TestLedger,
} from "../../../ledger/testing/test-ledger.ts";
import { allowView, createStoreFixture, type StoreFixture } from "../../testing/control-fixture.ts";
import type { LedgerHost } from "../host.ts";
import { contentShowOperation } from "./content-show.ts";

let ledger: TestLedger;
let fixture: StoreFixture;
const accesses: AccessEvent[] = [];

beforeAll(async () => {
  ledger = await openTestLedger();
  fixture = await createStoreFixture();
});
beforeEach(async () => {
  accesses.length = 0;
  await emptyTables(ledger.client);
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
  await ledger.close();
});

const event: ContentEvent = {
  id: "call-1",
  atMs: Date.UTC(2026, 10, 23, 10),
  personId: "erin",
  teamId: "blue",
  dialect: "anthropic",
  requestBytes: 1_000,
  responseBytes: 90_000,
  truncated: true,
  sealed: Buffer.from("age-encryption.org/v1\n…").toString("base64"),
};

function host(changes: Partial<LedgerHost> = {}): LedgerHost {
  return {
    config: loadConfig({ env: {}, cwd: fixture.directory, flags: {}, needsSecrets: false }),
    dataDir: fixture.directory,
    client: ledger.client,
    context: { ...fixture.context, randomBytes },
    log: pino({ enabled: false }),
    recordAccess: async (access) => {
      accesses.push(access);
    },
    shipNow: () => Promise.resolve(),
    decideView: allowView,
    whilePaused: (work) => work(),
    ...changes,
  };
}

const request = { callId: "call-1", purpose: "incident 42" };

test("what was sealed of a call comes back as it was, and the look is on record", async () => {
  await insertContents(ledger.client, [event]);
  expect(await collect(contentShowOperation.run(host(), request))).toEqual([event]);
  expect(accesses).toEqual([
    expect.objectContaining({
      personId: "erin",
      resource: "content",
      purpose: "incident 42",
      question: '{"callId":"call-1"}',
    }),
  ]);
});

test("content whose look cannot be recorded is not handed out", async () => {
  await insertContents(ledger.client, [event]);
  const recordAccess = () => Promise.reject(new Error("disk full"));
  const run = collect(contentShowOperation.run(host({ recordAccess }), request));
  await expect(run).rejects.toThrow("disk full");
});

test("a call of which nothing is kept is said to be one, and nobody is told of a look", async () => {
  const run = collect(contentShowOperation.run(host(), request));
  await expect(run).rejects.toMatchObject({ code: "WEIR_NOT_FOUND" });
  expect(accesses).toEqual([]);
});
