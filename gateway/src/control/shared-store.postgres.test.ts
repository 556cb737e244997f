// Two whole controls on one PostgreSQL, each with a data directory of its own.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { Value } from "typebox/value";
import { expect, onTestFinished, test } from "vitest";
import { loadConfig } from "../config/load-config.ts";
import { Snapshot } from "../contracts/snapshot.ts";
import { keyHash } from "../identity/virtual-key.ts";
import { readSpool } from "../ledger/spool/read-spool.ts";
import { type Control, startControl } from "./run.ts";
import { openStore } from "./store/open-store.ts";
import { createTestTarget } from "./testing/test-store.ts";

interface Started {
  readonly control: Control;
  readonly dataDir: string;
}

async function start(databaseUrl: string): Promise<Started> {
  const dataDir = await mkdtemp(join(tmpdir(), "weir-shared-"));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const flags = { dataDir, consolePort: "0" };
  const loaded = loadConfig({ env: {}, flags, cwd: dataDir, needsSecrets: false });
  // Nothing is shipped: what each has recorded stays in its spool, where the test looks.
  const config = { ...loaded, ledger: { ...loaded.ledger, clickhouseUrl: "http://127.0.0.1:1" } };
  const control = await startControl({
    config,
    dataDir,
    databaseUrl,
    controlToken: "shared",
    consoleDirectory: join(dataDir, "no-console"),
    ownerName: "Kim",
    version: "1.2.3",
    log: pino({ enabled: false }),
  });
  return { control, dataDir };
}

async function snapshotOf({ control }: Started): Promise<Snapshot> {
  const headers = { authorization: "Bearer shared" };
  const answer = await fetch(`${control.consoleUrl}/internal/snapshot`, { headers });
  return Value.Parse(Snapshot, await answer.json());
}

async function spooledIds({ dataDir }: Started, ids: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for await (const { payload } of readSpool(join(dataDir, "spool", "control"))) {
    const text = payload.toString("utf8");
    found.push(...ids.filter((id) => text.includes(id)));
  }
  return found;
}

test("started together on an empty database, both serve, know each other's keys, and record all once", async () => {
  const { target, remove } = await createTestTarget("");
  onTestFinished(remove);
  const both = await Promise.all([start(target), start(target)]);
  const keys = await Promise.all(both.map(({ control }) => control.firstKey()));
  for (const started of both)
    for (const { key } of keys)
      await expect
        .poll(async () => (await snapshotOf(started)).keys.map((known) => known.keyHash))
        .toContain(keyHash(key ?? ""));
  const [one, two] = await Promise.all(both.map(snapshotOf));
  expect(one?.version).toBe(two?.version);
  // A session that one of them has started is one in the other.
  const login = await fetch((await both[0]?.control.loginUrl()) ?? "", { redirect: "manual" });
  const cookie = login.headers.get("set-cookie")?.split(";", 1)[0] ?? "";
  const me = await fetch(`${both[1]?.control.consoleUrl}/api/me`, { headers: { cookie } });
  expect(me.status).toBe(200);
  await Promise.all(both.map(({ control }) => control.close()));
  const store = await openStore(target);
  const rows = await store.selectFrom("adminLog").selectAll().orderBy("sequence").execute();
  await store.destroy();
  const actions = rows.map(({ action }) => action);
  for (const once of ["person.create", "team.create", "policy.publish"])
    expect(actions.filter((action) => action === once)).toHaveLength(1);
  const ids = rows.map(({ id }) => id);
  const spooled = await Promise.all(both.map((started) => spooledIds(started, ids)));
  expect(spooled.flat().toSorted()).toEqual(ids.toSorted());
});
