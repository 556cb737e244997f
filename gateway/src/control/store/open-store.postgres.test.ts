import { inspect } from "node:util";
import { sql } from "kysely";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { syncDirectory } from "../directory/sync.ts";
import { closeAccount, eraseChanges, scrubStore } from "../erasure/erase-from-store.ts";
import { createKey } from "../keys/create.ts";
import { readSnapshotSource } from "../snapshot/read-source.ts";
import { createStoreFixture, plan } from "../testing/control-fixture.ts";
import { command } from "../testing/test-store.ts";
import { openStore } from "./open-store.ts";
import { inspectPostgres } from "./postgres/inspect-postgres.ts";

const server = process.env["WEIR_TEST_POSTGRES_URL"] ?? "";

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => undefined);
  await client.connect();
  return client;
}

const spoiled: readonly (readonly [string, (url: URL) => void])[] = [
  ["a wrong password", (url) => (url.password = "hunter2-wrong")],
  ["a port where nobody listens", (url) => (url.port = "1")],
  ["a database that there is not", (url) => (url.pathname = "/nowhere")],
];

test.each(spoiled)(
  "%s is refused with host and database in the message, and no password anywhere",
  async (_what, spoil) => {
    const url = new URL(server);
    const { password } = url;
    spoil(url);
    const error: unknown = await openStore(url.href).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "WEIR_STORE_UNUSABLE" });
    const text = inspect(error, { depth: 10, showHidden: true });
    expect(text).toContain(`${url.host}${url.pathname}`);
    for (const secret of ["hunter2-wrong", password, decodeURIComponent(password)])
      expect(text).not.toContain(secret);
  },
);

test("times and counts are numbers; one that a number cannot hold is an error, not another one", async () => {
  await using fixture = await createStoreFixture();
  const { store, clock } = fixture;
  const person = await store
    .selectFrom("people")
    .select(["createdAtMs", (row) => row.fn.countAll<number>().over().as("all")])
    .executeTakeFirstOrThrow();
  expect(person).toEqual({ createdAtMs: clock.nowMs, all: 2 });
  await sql`update meta set value = 9007199254740993 where name = 'revision'`.execute(store);
  const reading = store.selectFrom("meta").selectAll().execute();
  await expect(reading).rejects.toThrow("9007199254740993");
});

test("a NUL character in a text is the caller's mistake", async () => {
  await using fixture = await createStoreFixture();
  const making = createKey(fixture.context, { name: "a\0b", personId: "bob" });
  await expect(making).rejects.toMatchObject({ code: "WEIR_INVALID_REQUEST", status: 400 });
});

test("whoever holds the write lock too long makes writers fail in time, and readers not wait", async () => {
  await using fixture = await createStoreFixture();
  const holder = await connect(fixture.target);
  onTestFinished(() => holder.end());
  await holder.query("begin; select pg_advisory_xact_lock(2003134834)");
  const outcome = Promise.allSettled([createKey(fixture.context, { name: "n", personId: "bob" })]);
  expect((await readSnapshotSource(fixture.store, fixture.clock.nowMs)).teams).toHaveLength(2);
  const failure = { status: "rejected", reason: { code: "WEIR_STORE_UNAVAILABLE", status: 503 } };
  expect(await outcome).toMatchObject([failure]);
  await holder.query("rollback");
  await createKey(fixture.context, { name: "n", personId: "bob" });
});

test("a connection that is ended in a transaction undoes it; the next one is made anew", async () => {
  await using fixture = await createStoreFixture();
  const { store, target } = fixture;
  const admin = await connect(target);
  onTestFinished(() => admin.end());
  const broken = store.transaction().execute(async (transaction) => {
    await transaction.updateTable("people").set({ name: "changed" }).execute();
    await admin.query(
      "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()",
    );
    await transaction.updateTable("people").set({ name: "changed again" }).execute();
  });
  await expect(broken).rejects.toMatchObject({ code: "WEIR_STORE_UNAVAILABLE", status: 503 });
  const names = await store.selectFrom("people").select("name").orderBy("name").execute();
  expect(names.map(({ name }) => name)).toEqual(["Ada", "Bob"]);
});

test("a role that owns its database and nothing else is enough for all that Weir does", async () => {
  await using fixture = await createStoreFixture();
  const name = `owner_${fixture.directory.slice(-6).toLowerCase()}`;
  await command(server, `create role ${name} login password 'secret'`);
  await command(server, `create database ${name} owner ${name} encoding 'UTF8' template template0`);
  const url = new URL(server);
  url.username = name;
  url.password = "secret";
  url.pathname = `/${name}`;
  onTestFinished(async () => {
    await command(server, `drop database ${name} with (force)`);
    await command(server, `drop role ${name}`);
  });
  expect(await inspectPostgres(url.href, 0)).toMatchObject({ mayCreate: true });
  const store = await openStore(url.href);
  onTestFinished(() => store.destroy());
  const context = { ...fixture.context, store };
  await syncDirectory(context, plan);
  await createKey(context, { name: "n", personId: "bob" });
  await closeAccount(context, "bob");
  await eraseChanges(store, "bob");
  await scrubStore(store);
  const people = await store.selectFrom("people").select("id").execute();
  expect(people).toEqual([{ id: "ada" }]);
});

test("a database without a store is looked at without making one", async () => {
  await using fixture = await createStoreFixture();
  expect(await inspectPostgres(server, 0)).toMatchObject({ mayCreate: true, abandoned: [] });
  const client = await connect(server);
  onTestFinished(() => client.end());
  const { rows } = await client.query("select to_regclass('kysely_migration') as made");
  expect(rows).toEqual([{ made: null }]);
  const claims = fixture.store.updateTable("adminLog");
  await claims.set({ claimedBy: "gone", claimedAtMs: 1 }).execute();
  const { abandoned } = await inspectPostgres(fixture.target, 2);
  expect(abandoned).toEqual([{ controlId: "gone", changes: 4 }]);
});
