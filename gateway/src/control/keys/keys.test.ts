import { mkdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { keyHash } from "../../identity/virtual-key.ts";
import { readRevision } from "../store/change.ts";
import { createStoreFixture } from "../testing/control-fixture.ts";
import { createKey } from "./create.ts";
import { ensureFirstKey } from "./first-key.ts";
import { listKeys } from "./list.ts";
import { revokeKey } from "./revoke.ts";

describe("creating a key", () => {
  test("stores its SHA-256 alone, logs who did it, and has proxies told", async () => {
    await using fixture = await createStoreFixture();
    const before = await readRevision(fixture.store);
    const { key, record } = await createKey(fixture.context, { name: "ci", personId: "bob" });
    const rows = await fixture.store.selectFrom("keys").selectAll().execute();
    expect(rows).toMatchObject([{ id: record.id, hash: keyHash(key), personId: "bob" }]);
    expect(JSON.stringify(rows)).not.toContain(key);
    const log = await fixture.store.selectFrom("adminLog").selectAll().execute();
    expect(log.at(-1)).toMatchObject({ actor: "command-line", action: "key.create" });
    expect(JSON.stringify(log)).not.toContain(keyHash(key));
    expect(await readRevision(fixture.store)).toBe(before + 1);
  });

  test("for an unknown person says whom to add, and changes nothing", async () => {
    await using fixture = await createStoreFixture();
    const before = await readRevision(fixture.store);
    const creating = createKey(fixture.context, { name: "ci", personId: "eve" });
    await expect(creating).rejects.toMatchObject({
      code: "WEIR_PERSON_NOT_FOUND",
      message: expect.stringContaining('"eve"'),
    });
    expect(await readRevision(fixture.store)).toBe(before);
  });

  test("that has expired already is refused", async () => {
    await using fixture = await createStoreFixture();
    const expiresAtMs = fixture.clock.nowMs;
    const creating = createKey(fixture.context, { name: "ci", personId: "bob", expiresAtMs });
    await expect(creating).rejects.toMatchObject({ code: "WEIR_INVALID_REQUEST" });
  });
});

describe("revoking a key", () => {
  test("is logged with before and after, once, however often it is asked for", async () => {
    await using fixture = await createStoreFixture();
    const { record } = await createKey(fixture.context, { name: "ci", personId: "bob" });
    const first = await revokeKey(fixture.context, { keyId: record.id });
    fixture.clock.nowMs += 1000;
    const again = await revokeKey(fixture.context, { keyId: record.id });
    expect(again).toEqual(first);
    const log = await fixture.store
      .selectFrom("adminLog")
      .selectAll()
      .where("action", "=", "key.revoke")
      .execute();
    expect(log).toHaveLength(1);
    expect(JSON.parse(log[0]?.before ?? "")).toEqual(record);
    expect(JSON.parse(log[0]?.after ?? "")).toEqual(first);
  });

  test("that does not exist says so", async () => {
    await using fixture = await createStoreFixture();
    const revoking = revokeKey(fixture.context, { keyId: "none" });
    await expect(revoking).rejects.toMatchObject({ code: "WEIR_KEY_NOT_FOUND" });
  });
});

test("keys are listed newest first, of one person or of all", async () => {
  await using fixture = await createStoreFixture();
  for (const personId of ["ada", "bob", "ada"]) {
    fixture.clock.nowMs += 1;
    await createKey(fixture.context, { name: `of ${personId}`, personId });
  }
  const all = await listKeys(fixture.context);
  expect(all.map((key) => key.personId)).toEqual(["ada", "bob", "ada"]);
  expect(all[0]?.createdAtMs).toBe(fixture.clock.nowMs);
  expect(await listKeys(fixture.context, { personId: "bob" })).toHaveLength(1);
});

describe("the first key", () => {
  test("is made once, kept for its owner's eyes alone, and printed again by later starts", async () => {
    await using fixture = await createStoreFixture();
    const input = { path: join(fixture.directory, "first-key"), personId: "ada" };
    const first = await ensureFirstKey(fixture.context, input);
    const again = await ensureFirstKey(fixture.context, input);
    expect(first.created).toBe(true);
    expect(again).toEqual({ key: first.key, created: false });
    expect((await stat(input.path)).mode & 0o777).toBe(0o600);
    expect((await readFile(input.path, "utf8")).trim()).toBe(first.key);
    expect(await listKeys(fixture.context)).toHaveLength(1);
  });

  test("once revoked, is neither printed nor replaced behind the owner's back", async () => {
    await using fixture = await createStoreFixture();
    const input = { path: join(fixture.directory, "first-key"), personId: "ada" };
    await ensureFirstKey(fixture.context, input);
    const [record] = await listKeys(fixture.context);
    await revokeKey(fixture.context, { keyId: record?.id ?? "" });
    const later = await ensureFirstKey(fixture.context, input);
    expect(later).toEqual({ key: null, created: false });
    await rm(input.path);
    expect((await ensureFirstKey(fixture.context, input)).created).toBe(true);
  });

  test("fails rather than being made without being kept", async () => {
    await using fixture = await createStoreFixture();
    const path = join(fixture.directory, "first-key");
    await mkdir(path);
    await expect(ensureFirstKey(fixture.context, { path, personId: "ada" })).rejects.toThrow(
      "EISDIR",
    );
  });
});
