import { expect, test } from "vitest";
import { keyHash } from "../../identity/virtual-key.ts";
import {
  controlToken,
  createControlFixture,
  createStoreFixture,
  problemOf,
} from "../testing/control-fixture.ts";
import { createKey } from "./create.ts";
import { listKeys } from "./list.ts";
import { noteKeyUse } from "./note-use.ts";
import { revokeKey } from "./revoke.ts";
import { rotateKey } from "./rotate.ts";

const hourMs = 3_600_000;

const narrow = {
  name: "ci",
  personId: "bob",
  agentId: "triage",
  scopes: ["llm:call"],
  models: ["sim-*"],
  denialStyle: "soft",
} as const;

test("a rotated key has a new secret and the old key's settings, owner and lineage", async () => {
  await using fixture = await createControlFixture();
  const { context, clock, publisher } = fixture;
  const expiresAtMs = clock.nowMs + 10 * hourMs;
  const old = await createKey(context, { ...narrow, expiresAtMs });
  clock.nowMs += hourMs;
  const fresh = await rotateKey(context, { keyId: old.record.id, overlapMs: 2 * hourMs });
  expect(fresh.key).not.toBe(old.key);
  expect(fresh.record).toMatchObject({
    ...narrow,
    lineageId: old.record.id,
    rotatedFrom: old.record.id,
    expiresAtMs: clock.nowMs + 10 * hourMs,
  });
  await publisher.refresh();
  const { keys } = publisher.current?.snapshot ?? { keys: [] };
  const principals = [old.key, fresh.key].map(
    (key) => keys.find((each) => each.keyHash === keyHash(key))?.principal,
  );
  expect(principals[0]).toMatchObject({ onBehalfOf: "bob", keyId: old.record.id });
  expect(principals[1]).toEqual(principals[0]);
  const log = await fixture.store.selectFrom("adminLog").selectAll().execute();
  expect(JSON.stringify(log)).not.toContain(keyHash(fresh.key));
  expect(JSON.parse(log.at(-1)?.after ?? "")).toMatchObject({
    retired: { id: old.record.id, expiresAtMs: clock.nowMs + 2 * hourMs },
    successor: { id: fresh.record.id },
  });
});

test("the old key works until the overlap is over, and never longer than it would have", async () => {
  await using fixture = await createControlFixture();
  const { context, clock, publisher } = fixture;
  const old = await createKey(context, { name: "ci", personId: "bob" });
  const short = await createKey(context, {
    name: "short",
    personId: "bob",
    expiresAtMs: clock.nowMs + 5,
  });
  await rotateKey(context, { keyId: old.record.id, overlapMs: hourMs });
  const rotated = await rotateKey(context, { keyId: short.record.id, overlapMs: hourMs });
  expect(rotated.oldEndsAtMs).toBe(clock.nowMs + 5);
  const isLive = async (key: string) => {
    await publisher.refresh();
    const { keys = [] } = publisher.current?.snapshot ?? {};
    return keys.some((each) => each.keyHash === keyHash(key));
  };
  clock.nowMs += hourMs - 1;
  expect(await isLive(old.key)).toBe(true);
  clock.nowMs += 1;
  expect(await isLive(old.key)).toBe(false);
});

test("an overlap of nothing ends the old key at once", async () => {
  await using fixture = await createStoreFixture();
  const { context, clock } = fixture;
  const old = await createKey(context, { name: "ci", personId: "bob" });
  await rotateKey(context, { keyId: old.record.id, overlapMs: 0 });
  const [fresh, ended] = await listKeys(context, { personId: "bob" });
  const [first, second] = fresh?.id === old.record.id ? [fresh, ended] : [ended, fresh];
  expect(first).toMatchObject({ id: old.record.id, revokedAtMs: clock.nowMs });
  expect(second).toMatchObject({ revokedAtMs: null });
});

test("attack: rotation brings no ended key back, and gives a key one successor alone", async () => {
  await using fixture = await createStoreFixture();
  const { context, clock } = fixture;
  const revoked = await createKey(context, { name: "a", personId: "bob" });
  await revokeKey(context, { keyId: revoked.record.id });
  const over = { name: "b", personId: "bob", expiresAtMs: clock.nowMs + 5 };
  const expired = await createKey(context, over);
  const twice = await createKey(context, { name: "c", personId: "bob" });
  const rotate = (keyId: string) => rotateKey(context, { keyId, overlapMs: hourMs });
  await rotate(twice.record.id);
  clock.nowMs += 5;
  const refusal = { code: "WEIR_KEY_NOT_ROTATABLE" };
  for (const { record } of [revoked, expired, twice])
    await expect(rotate(record.id)).rejects.toMatchObject(refusal);
});

test("attack: a chain of overlapping rotations is no way to any number of keys", async () => {
  await using fixture = await createStoreFixture();
  const { context } = fixture;
  let { record } = await createKey(context, { name: "a", personId: "bob", maxLiveKeys: 2 });
  const rotate = () => rotateKey(context, { keyId: record.id, overlapMs: hourMs, maxLiveKeys: 2 });
  for (let round = 0; round < 3; round += 1) ({ record } = await rotate());
  await expect(rotate()).rejects.toMatchObject({ code: "WEIR_TOO_MANY_KEYS" });
});

test("a person has so many live keys at most; expired ones do not count", async () => {
  await using fixture = await createStoreFixture();
  const { context, clock } = fixture;
  const input = { name: "k", personId: "bob", maxLiveKeys: 2 };
  await createKey(context, { ...input, expiresAtMs: clock.nowMs + 1 });
  await createKey(context, input);
  await expect(createKey(context, input)).rejects.toMatchObject({ code: "WEIR_TOO_MANY_KEYS" });
  clock.nowMs += 1;
  await createKey(context, input);
});

test("through the API: one's own key is rotated, another's is not found", async () => {
  await using fixture = await createControlFixture();
  const headers = await fixture.signIn("bob");
  const own = await createKey(fixture.context, { name: "own", personId: "bob" });
  const hers = await createKey(fixture.context, { name: "hers", personId: "ada" });
  const rotate = (id: string, payload: object) =>
    fixture.app.inject({ method: "POST", url: `/api/keys/${id}/rotate`, headers, payload });
  const rotated = await rotate(own.record.id, { overlapMs: 60_000 });
  expect(rotated.statusCode).toBe(201);
  expect(rotated.headers["cache-control"]).toBe("no-store");
  expect(rotated.json()).toMatchObject({ record: { personId: "bob", rotatedFrom: own.record.id } });
  const refused = await rotate(hers.record.id, {});
  expect(problemOf(refused.body).code).toBe("WEIR_KEY_NOT_FOUND");
  expect((await rotate(own.record.id, { overlapMs: -1 })).statusCode).toBe(400);
  expect((await rotate(own.record.id, { personId: "ada" })).statusCode).toBe(400);
});

test("attack: a created key cannot be given away, nor a scope that there is not", async () => {
  await using fixture = await createControlFixture();
  const headers = await fixture.signIn("bob");
  const create = (payload: object) =>
    fixture.app.inject({ method: "POST", url: "/api/keys", headers, payload });
  expect((await create({ name: "x", personId: "ada" })).statusCode).toBe(400);
  expect((await create({ name: "x", lineageId: "k" })).statusCode).toBe(400);
  expect((await create({ name: "x", scopes: ["admin"] })).statusCode).toBe(400);
  expect((await create({ name: "x", scopes: [] })).statusCode).toBe(400);
  expect((await create({ name: "x", models: [] })).statusCode).toBe(400);
  const made = await create({ name: "x", scopes: ["llm:call"], models: ["sim-*"] });
  expect(made.json()).toMatchObject({ record: { scopes: ["llm:call"], models: ["sim-*"] } });
});

test("last use goes forward only, never beyond now, and needs the proxies' secret", async () => {
  await using fixture = await createControlFixture();
  const { context, clock, app } = fixture;
  const { record } = await createKey(context, { name: "k", personId: "bob" });
  const lastUse = async () => (await listKeys(context))[0]?.lastUsedAtMs;
  const report = (atMs: number, authorization: string) =>
    app.inject({
      method: "POST",
      url: "/internal/key-use",
      headers: { host: "127.0.0.1:7778", authorization },
      payload: { uses: [{ secretId: record.id, atMs }] },
    });
  expect((await report(1, "Bearer wrong")).statusCode).toBe(401);
  expect(await lastUse()).toBeNull();
  const log = await fixture.store.selectFrom("adminLog").selectAll().execute();
  expect((await report(clock.nowMs - 10, `Bearer ${controlToken}`)).statusCode).toBe(204);
  await noteKeyUse(context, [{ secretId: record.id, atMs: clock.nowMs - 20 }]);
  expect(await lastUse()).toBe(clock.nowMs - 10);
  await noteKeyUse(context, [{ secretId: record.id, atMs: clock.nowMs + 1e9 }]);
  expect(await lastUse()).toBe(clock.nowMs);
  expect(await fixture.store.selectFrom("adminLog").selectAll().execute()).toEqual(log);
});
