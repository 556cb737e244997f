import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pino } from "pino";
import { expect, test } from "vitest";
import { readErasures } from "../../../audit/erasure/record-erased.ts";
import { loadConfig } from "../../../config/load-config.ts";
import { findInFiles } from "../../../ledger/erasure/find-in-files.ts";
import { findInTables } from "../../../ledger/erasure/find-in-tables.ts";
import type { Shipper } from "../../../ledger/ship/start-shipper.ts";
import { closeClickHouse, openClickHouse } from "../../../ledger/clickhouse/open.ts";
import { collect } from "../../../ledger/testing/collect.ts";
import { sampleCall, sampleDecision } from "../../../ledger/testing/events.ts";
import {
  openTestLedger,
  queryRows,
  type TestLedger,
  testShipper,
} from "../../../ledger/testing/test-ledger.ts";
import { openTestSpool } from "../../../ledger/testing/test-spool.ts";
import { countInStore } from "../../erasure/erase-from-store.ts";
import { syncDirectory } from "../../directory/sync.ts";
import { createKey } from "../../keys/create.ts";
import {
  allowView,
  createStoreFixture,
  plan,
  type StoreFixture,
} from "../../testing/control-fixture.ts";
import { testsUsePostgres } from "../../testing/test-store.ts";
import type { LedgerHost } from "../host.ts";
import { erasePersonOperation } from "./erase-person.ts";
import { verifyOperation } from "./verify.ts";

const personId = "erin.miller";
// Calls 1 and 6 of ten are hers, one is by an agent of hers, one fits no column.
const ownOf = (index: number) => index % 5 === 1;

interface Scene extends AsyncDisposable {
  readonly fixture: StoreFixture;
  readonly ledger: TestLedger;
  readonly shipper: Shipper;
  readonly host: LedgerHost;
}

async function createScene(): Promise<Scene> {
  const fixture = await createStoreFixture();
  const { directory, context } = fixture;
  const erin = { id: personId, name: "Erin", teamId: "alpha", roles: ["employee"] };
  await syncDirectory(context, { ...plan, people: [...plan.people, erin] });
  await createKey(context, { name: "laptop", personId });
  await createKey({ ...context, actor: `person:${personId}` }, { name: "ci", personId: "bob" });
  await fillSpool(join(directory, "spool"));
  const ledger = await openTestLedger(directory);
  const shipper = testShipper(ledger.client, join(directory, "spool"));
  const host: LedgerHost = {
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
  return {
    fixture,
    ledger,
    shipper,
    host,
    [Symbol.asyncDispose]: async () => {
      await shipper.stop();
      await ledger.close();
      await fixture[Symbol.asyncDispose]();
    },
  };
}

async function fillSpool(root: string): Promise<void> {
  const spool = await openTestSpool(root);
  for (let index = 0; index < 40; index += 1) {
    const { principal } = sampleCall(index);
    if (principal === null) throw new Error("the sample has a principal");
    const own = ownOf(index) ? { principal: { ...principal, id: personId } } : {};
    await spool.append({ type: "decision", event: sampleDecision(index, own) });
    const { usage } = sampleCall(index);
    const tokens = usage.tokens === null ? null : { ...usage.tokens, cacheRead: -1 };
    // A count that no unsigned column takes: the row becomes a dead letter.
    const bad = index === 6 || index === 7 ? { usage: { ...usage, tokens } } : {};
    await spool.append({ type: "call", event: sampleCall(index, { ...own, ...bad }) });
  }
  const at = { atMs: Date.UTC(2026, 10, 23, 11), actor: "command-line" };
  const documents = { before: "", after: JSON.stringify({ personId, name: "laptop" }) };
  const admin = { ...at, id: "admin-1", action: "key.create", entityId: "k1", ...documents };
  await spool.append({ type: "admin", event: admin });
  await spool.append({ type: "admin", event: { ...admin, id: "admin-2", after: "{}" } });
  const access = { ...at, id: "access-1", personId, resource: "x", purpose: "", question: "" };
  await spool.append({ type: "access", event: access });
  const content = {
    id: "call-said",
    atMs: at.atMs,
    personId,
    teamId: "blue",
    dialect: "openai-chat",
    requestBytes: 1,
    responseBytes: 1,
    truncated: false,
    sealed: "c2VhbGVk",
  };
  await spool.append({ type: "content", event: content });
  await spool.append({ type: "content", event: { ...content, id: "other", personId: "bob" } });
  await spool.close();
  await mkdir(join(root, "dead-letters"), { recursive: true });
  const damaged = `\0\0${personId}\0`;
  await writeFile(join(root, "dead-letters", "proxy-0-0.corrupt"), damaged);
  await writeFile(join(root, "proxy-0", "00000000000000000001.seg.corrupt"), damaged);
}

test("erasing a person leaves none of their bytes, and everybody else's rows as they were", async () => {
  await using scene = await createScene();
  const { host, ledger, fixture, shipper } = scene;
  await shipper.drain();
  expect((await findInTables(ledger.client, personId)).found.length).toBeGreaterThan(5);
  // A store of its own is among the files, unless it is in PostgreSQL.
  const leastFiles = testsUsePostgres() ? 3 : 5;
  expect((await findInFiles(fixture.directory, personId)).found.length).toBeGreaterThan(leastFiles);
  const others = `SELECT id FROM calls WHERE person_id != '${personId}' ORDER BY id`;
  const before = await queryRows(ledger.client, others);

  const steps = await collect(erasePersonOperation.run(host, { personId, confirmed: true }));
  const last = steps.at(-1);
  expect(last?.counts).toMatchObject({
    calls: 7,
    decisions: 8,
    admin_log: 1,
    access_log: 1,
    content: 1,
    keys: 1,
  });
  expect(last?.proof).toMatchObject({ rows: [], inFiles: [] });
  expect(last?.proof?.columns).toBeGreaterThan(80);

  expect(await queryRows(ledger.client, others)).toEqual(before);
  expect(await queryRows(ledger.client, "SELECT id FROM content")).toEqual([{ id: "other" }]);
  expect(before).toHaveLength(31);
  const letters = join(fixture.directory, "spool", "dead-letters");
  expect(await readdir(letters)).toEqual(["proxy-0.ndjson"]);
  expect(await readFile(join(letters, "proxy-0.ndjson"), "utf8")).toContain("call-7");
  const verified = await collect(verifyOperation.run(host, { repair: false }));
  expect(verified.flatMap(({ findings }) => findings)).toEqual([]);

  const log = await fixture.store.selectFrom("adminLog").selectAll().execute();
  const tombstone = log.at(-1);
  expect(tombstone).toMatchObject({ action: "person.erase", entityId: last?.tombstoneId });
  const [erasure] = await readErasures(join(fixture.directory, "audit"));
  expect(tombstone?.after).toContain(erasure?.digest);
  expect(erasure?.erasure?.erased.flatMap(({ sequences }) => sequences)).toHaveLength(10);
});

test("without a yes it counts and leaves everything", async () => {
  await using scene = await createScene();
  const { host, ledger, shipper } = scene;
  await shipper.drain();
  const steps = await collect(erasePersonOperation.run(host, { personId, confirmed: false }));
  expect(steps).toMatchObject([{ finished: true, stage: "counted", counts: { calls: 7 } }]);
  expect(await queryRows(ledger.client, "SELECT count() AS rows FROM calls")).toEqual([
    { rows: expect.anything() },
  ]);
  expect((await findInTables(ledger.client, personId)).found.length).toBeGreaterThan(5);
});

test("on a cluster, where one shard of several would be reached, nothing is begun", async () => {
  await using scene = await createScene();
  const client = openClickHouse({ url: "http://127.0.0.1:1", cluster: "main" });
  const run = collect(
    erasePersonOperation.run({ ...scene.host, client }, { personId, confirmed: true }),
  );
  await expect(run).rejects.toMatchObject({ code: "WEIR_INVALID_REQUEST" });
  expect(await countInStore(scene.fixture.store, personId)).toMatchObject({ people: 1, keys: 1 });
  await closeClickHouse(client);
});

test("whoever the configuration still names is not erased", async () => {
  await using scene = await createScene();
  const run = erasePersonOperation.run(scene.host, { personId: "owner", confirmed: true });
  await expect(run.next()).rejects.toMatchObject({
    code: "WEIR_INVALID_REQUEST",
    message: expect.stringContaining("weir.yaml"),
  });
});
