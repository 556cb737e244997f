import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { sql } from "kysely";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { createLoginToken, redeemLoginToken } from "../../identity/login-link.ts";
import { createKey } from "../keys/create.ts";
import type { Store } from "../store/open-store.ts";
import { createStoreFixture } from "../testing/control-fixture.ts";
import { closeAccount, eraseChanges, scrubStore } from "./erase-from-store.ts";

const tables = ["sessions", "login_tokens", "keys", "people", "admin_log", "teams", "meta"];

/** Which files of tables, their indexes and overflow hold the text, once all is on the disk. */
async function tablesWith(store: Store, text: string): Promise<string[]> {
  await sql`checkpoint`.execute(store);
  const found: string[] = [];
  for (const table of tables) {
    const { rows } = await sql<{ path: string; root: string }>`
      select pg_relation_filepath(c.oid) as path, current_setting('data_directory') as root
      from pg_class c where c.oid = ${table}::regclass
        or c.oid in (select indexrelid from pg_index where indrelid = ${table}::regclass)
        or c.oid = (select reltoastrelid from pg_class where oid = ${table}::regclass)`.execute(
      store,
    );
    for (const { path, root } of rows)
      if (path !== null && (await readFile(join(root, path))).includes(text)) found.push(table);
  }
  return [...new Set(found)];
}

test("a person goes from the files of all tables and indexes, and from the statistics", async () => {
  await using fixture = await createStoreFixture();
  const { context, store } = fixture;
  const person = { id: "erin.miller", name: "Erin", teamId: "alpha", roles: "[]" };
  await store
    .insertInto("people")
    .values({ ...person, createdAtMs: 1, removedAtMs: null })
    .execute();
  for (let index = 0; index < 20; index += 1)
    await createKey(context, { name: `k ${index}`, personId: person.id });
  await createKey({ ...context, actor: `person:${person.id}` }, { name: "ci", personId: "ada" });
  await redeemLoginToken(context, await createLoginToken(context, { personId: person.id }));
  await sql`analyze`.execute(store);
  expect(await tablesWith(store, person.id)).toEqual([
    "sessions",
    "login_tokens",
    "keys",
    "people",
    "admin_log",
  ]);
  const inStatistics = async () => {
    const { rows } = await sql`
      select 1 from pg_stats where schemaname = current_schema()
        and concat(most_common_vals::text, histogram_bounds::text) like '%erin.miller%'`.execute(
      store,
    );
    return rows.length;
  };
  expect(await inStatistics()).toBeGreaterThan(0);
  await closeAccount(context, person.id);
  await eraseChanges(store, person.id);
  await scrubStore(store);
  expect(await tablesWith(store, person.id)).toEqual([]);
  expect(await inStatistics()).toBe(0);
});

test("while somebody reads an old state for long, scrubbing waits or says that it could not", async () => {
  await using fixture = await createStoreFixture();
  const { context, store, target } = fixture;
  const reader = new pg.Client({ connectionString: target });
  reader.on("error", () => undefined);
  await reader.connect();
  onTestFinished(() => reader.end());
  await reader.query("begin isolation level repeatable read; select count(*) from people");
  await closeAccount(context, "bob");
  await expect(scrubStore(store)).rejects.toMatchObject({ code: "WEIR_STORE_UNAVAILABLE" });
  await reader.query("commit");
  await scrubStore(store);
  expect(await tablesWith(store, "Bob")).not.toContain("people");
});
