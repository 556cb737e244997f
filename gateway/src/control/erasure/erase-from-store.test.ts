import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { createLoginToken, redeemLoginToken } from "../../identity/login-link.ts";
import { createKey } from "../keys/create.ts";
import { openStore } from "../store/open-store.ts";
import { createStoreFixture } from "../testing/control-fixture.ts";
import { testsUsePostgres } from "../testing/test-store.ts";
import { closeAccount, countInStore, eraseChanges, scrubStore } from "./erase-from-store.ts";

const nothing = {
  keys: 0,
  sessions: 0,
  loginTokens: 0,
  people: 0,
  scimUsers: 0,
  history: 0,
  changes: 0,
};

test("a person goes from the store's rows and from the bytes of its files", async () => {
  await using fixture = await createStoreFixture();
  const { context, store, directory } = fixture;
  await createKey(context, { name: "of bob", personId: "bob" });
  await createKey({ ...context, actor: "person:bob" }, { name: "ci", personId: "ada" });
  await redeemLoginToken(context, await createLoginToken(context, { personId: "bob" }));
  const before = await countInStore(store, "bob");
  expect(before).toMatchObject({ keys: 1, sessions: 1, loginTokens: 1, people: 1 });
  await closeAccount(context, "bob");
  await eraseChanges(store, "bob");
  await scrubStore(store);
  expect(await countInStore(store, "bob")).toEqual(nothing);
  if (testsUsePostgres()) return;
  for (const name of await readdir(directory))
    expect((await readFile(join(directory, name))).includes("bob"), name).toBe(false);
});

test("other processes that have the store open go on seeing what is written", async () => {
  await using fixture = await createStoreFixture();
  const { context, store, target } = fixture;
  const other = await openStore(target);
  const otherContext = { ...context, store: other };
  await createKey(otherContext, { name: "one", personId: "bob" });
  await closeAccount(context, "bob");
  await scrubStore(store);
  await createKey(otherContext, { name: "two", personId: "ada" });
  await other.destroy();
  const third = await openStore(target);
  await createKey({ ...context, store: third }, { name: "three", personId: "ada" });
  const names = await store.selectFrom("keys").select("name").orderBy("name").execute();
  expect(names.map(({ name }) => name)).toEqual(["three", "two"]);
  await third.destroy();
});
