import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { CamelCasePlugin, Kysely, sql } from "kysely";
import { Migrator } from "kysely/migration";
import { expect, onTestFinished, test } from "vitest";
import { createStoreFixture } from "../testing/control-fixture.ts";
import { createTestTarget } from "../testing/test-store.ts";
import { bumpRevision, readRevision, recordChange } from "./change.ts";
import { initial } from "./migrations/0001-initial.ts";
import { dialectOf, openStore } from "./open-store.ts";

async function emptyTarget(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "weir-store-"));
  const { target, remove } = await createTestTarget(directory);
  onTestFinished(async () => {
    await remove();
    await rm(directory, { recursive: true, force: true });
  });
  return target;
}

test("several processes may open a new store at the same time", async () => {
  const target = await emptyTarget();
  const script = `
    const { openStore } = await import(${JSON.stringify(import.meta.resolve("./open-store.ts"))});
    const store = await openStore(process.argv[1]);
    await store.destroy();`;
  const open = () =>
    promisify(execFile)(process.execPath, ["--input-type=module", "--eval", script, target]);
  await Promise.all([open(), open(), open()]);
  const store = await openStore(target);
  expect(await readRevision(store)).toBe(0);
  await store.destroy();
});

test("a store of the first version keeps its teams and keys, with errors as denials", async () => {
  const target = await emptyTarget();
  const first = new Kysely({
    dialect: dialectOf(target),
    plugins: [new CamelCasePlugin()],
  });
  const provider = { getMigrations: async () => ({ "0001-initial": initial }) };
  const { error } = await new Migrator({ db: first, provider }).migrateToLatest();
  expect(error).toBeUndefined();
  await sql`insert into teams values ('alpha', 'cc', '["*"]', '[]', null, 1, null)`.execute(first);
  await sql`insert into people values ('ada', 'Ada', 'alpha', '[]', 1, null)`.execute(first);
  await sql`insert into keys values ('k', 'n', 'hash', 'hint', 'ada', null, 1, null, null)`.execute(
    first,
  );
  await first.destroy();
  const store = await openStore(target);
  expect(await store.selectFrom("teams").selectAll().execute()).toMatchObject([
    { id: "alpha", unmeteredOperations: "[]" },
  ]);
  expect(await store.selectFrom("keys").selectAll().execute()).toMatchObject([
    { id: "k", hash: "hash", denialStyle: "error", scopes: null, models: null, lineageId: "k" },
  ]);
  await store.destroy();
});

test("a store of a newer Weir is refused with a remedy, and left as it was", async () => {
  const target = await emptyTarget();
  const newer = await openStore(target);
  await sql`insert into kysely_migration values ('9999-future', '2030-01-01')`.execute(newer);
  await newer.destroy();
  await expect(openStore(target)).rejects.toMatchObject({
    code: "WEIR_STORE_UNUSABLE",
    message: expect.stringContaining("newer Weir"),
  });
});

test("writers in two connections wait for each other and lose nothing", async () => {
  await using fixture = await createStoreFixture();
  const other = await openStore(fixture.target);
  const before = await readRevision(fixture.store);
  const bump = (store: typeof other) => store.transaction().execute(bumpRevision);
  const writes = Array.from({ length: 40 }, (_, index) =>
    bump(index % 2 === 0 ? fixture.store : other),
  );
  await Promise.all(writes);
  await other.destroy();
  expect(await readRevision(fixture.store)).toBe(before + 40);
});

test("a change whose log entry fails is rolled back", async () => {
  await using fixture = await createStoreFixture();
  const before = await readRevision(fixture.store);
  await sql`drop table admin_log`.execute(fixture.store);
  const change = fixture.store.transaction().execute(async (transaction) => {
    await bumpRevision(transaction);
    const entry = { action: "team.update", entityId: "alpha", before: null, after: null };
    await recordChange(transaction, fixture.context, entry);
  });
  await expect(change).rejects.toThrow("admin_log");
  expect(await readRevision(fixture.store)).toBe(before);
});
