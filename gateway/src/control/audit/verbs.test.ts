import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { isOwn, isPermitted, permissions } from "../../identity/permissions.ts";
import { apiOperations } from "../testing/api-operations.ts";
import {
  createControlFixture,
  createStoreFixture,
  type StoreFixture,
} from "../testing/control-fixture.ts";
import { interrupted } from "../testing/interrupted-store.ts";
import { ledgerVerbs } from "../testing/ledger-verbs.ts";
import { storeState } from "../testing/store-state.ts";
import { verbs } from "../testing/verbs.ts";

const table = Object.entries(verbs);

async function logOf({ store }: StoreFixture) {
  return store.selectFrom("adminLog").selectAll().orderBy("sequence").execute();
}

const stateOf = async ({ store }: StoreFixture) => JSON.stringify(await storeState(store));

describe("every admin verb", () => {
  test.each(table)("%s writes exactly its row", async (_name, verb) => {
    await using fixture = await createStoreFixture();
    const prepared = (await verb.prepare?.(fixture)) ?? "";
    const before = await logOf(fixture);
    await verb.act(fixture, prepared);
    const added = (await logOf(fixture)).slice(before.length);
    expect(added.map((row) => row.action)).toEqual(verb.rows);
    expect(added.map((row) => row.publishedAtMs)).toEqual(verb.rows.map(() => null));
  });

  test.each(table)("%s changes nothing while it cannot be recorded", async (_name, verb) => {
    await using fixture = await createStoreFixture();
    const prepared = (await verb.prepare?.(fixture)) ?? "";
    const refuse = fixture.store.updateTable("meta").set({ value: fixture.clock.nowMs + 1 });
    await refuse.where("name", "=", "changes_refused_until_ms").execute();
    const before = await stateOf(fixture);
    await expect(verb.act(fixture, prepared)).rejects.toMatchObject({
      code: "WEIR_AUDIT_UNAVAILABLE",
    });
    expect(await stateOf(fixture)).toBe(before);
  });

  test.each(table)(
    "%s broken off before any of its statements changes nothing, and can be done again",
    async (_name, verb) => {
      await using fixture = await createStoreFixture();
      const prepared = (await verb.prepare?.(fixture)) ?? "";
      const before = await stateOf(fixture);
      const rows = await logOf(fixture);
      let reached = 0;
      for (let fatal = 1; ; fatal += 1) {
        reached = 0;
        const store = interrupted(fixture.store, () => {
          reached += 1;
          if (reached >= fatal) throw new Error("the end of the process");
        });
        const context = { ...fixture.context, store };
        const isDone = await verb.act({ ...fixture, store, context }, prepared).then(
          () => true,
          () => false,
        );
        if (isDone) break;
        expect(await stateOf(fixture), `broken off before statement ${fatal}`).toBe(before);
        expect(fatal).toBeLessThan(100);
      }
      expect(reached).toBeGreaterThan(1);
      const added = (await logOf(fixture)).slice(rows.length);
      expect(added.map((row) => row.action)).toEqual(verb.rows);
    },
  );
});

test("bug: an approved device whose key was never handed out for a crash gets it by asking again", async () => {
  await using fixture = await createStoreFixture();
  const verb = verbs["giving an approved device its key"];
  const prepared = (await verb?.prepare?.(fixture)) ?? "";
  let statements = 0;
  const store = interrupted(fixture.store, () => {
    statements += 1;
    // The code has been found by then, and the key is about to be stored.
    if (statements >= 4) throw new Error("the end of the process");
  });
  const context = { ...fixture.context, store };
  await expect(verb?.act({ ...fixture, store, context }, prepared)).rejects.toThrow("the end");
  expect(await fixture.store.selectFrom("keys").selectAll().execute()).toEqual([]);
  expect(await verb?.act(fixture, prepared)).toHaveProperty("key");
});

test("a verb of the API is nothing for a role that only reads, but for what is one's own, and what security stops", async () => {
  await using fixture = await createControlFixture();
  await fixture.app.ready();
  const operations = apiOperations(fixture.app);
  const all = [...Object.values(verbs), ...Object.values(ledgerVerbs)];
  for (const over of new Set(all.map((verb) => verb.over).filter((name) => name !== null))) {
    const operation = operations.find(({ name }) => name === over);
    const permission = permissions.find((each) => each === operation?.permission);
    if (permission === undefined) throw new Error(`there is no operation ${over}`);
    for (const role of ["employee", "manager", "security", "finance", "auditor"])
      expect([over, role, isPermitted([role], permission)]).toEqual([
        over,
        role,
        isOwn(permission) || (role === "security" && permission.startsWith("stops:")),
      ]);
  }
});

test("the tables have every verb that there is, of every file that records one", async () => {
  const root = join(import.meta.dirname, "..", "..");
  const found = new Set<string>();
  for (const path of await readdir(root, { recursive: true })) {
    if (!path.endsWith(".ts") || /test(?:ing)?[./]/.test(path)) continue;
    const text = await readFile(join(root, path), "utf8");
    if (!text.includes("recordChange(") || path === join("control", "store", "change.ts")) continue;
    const written = [...text.matchAll(/\baction\b\s*[:=].*/g)].flatMap(([line]) =>
      [...line.matchAll(/"([a-z_-]+\.[a-z_-]+)"/g)].map(([, verb = ""]) => verb),
    );
    if (text.includes("action: ERASE_ACTION")) written.push("person.erase");
    expect(written, `${path} records a change whose verb cannot be told`).not.toEqual([]);
    for (const verb of written) found.add(`${path.replaceAll("\\", "/")} ${verb}`);
  }
  const known = [...Object.values(verbs), ...Object.values(ledgerVerbs)];
  const missing = [...found].filter((each) => {
    const [path = "", verb = ""] = each.split(" ");
    return !known.some(({ from, rows }) => from.includes(path) && rows.includes(verb));
  });
  expect(missing).toEqual([]);
  const actions = new Set([...found].map((each) => each.split(" ")[1] ?? ""));
  expect(known.flatMap(({ rows }) => rows).filter((row) => !actions.has(row))).toEqual([]);
});
