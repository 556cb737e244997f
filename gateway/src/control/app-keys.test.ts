import { describe, expect, test } from "vitest";
import { looksLikeKey } from "../identity/virtual-key.ts";
import { createKey } from "./keys/create.ts";
import { createControlFixture, problemOf } from "./testing/control-fixture.ts";

describe("keys of one's own", () => {
  test("201: a key is shown once, works in the snapshot at once, and is listed without itself", async () => {
    await using fixture = await createControlFixture();
    const headers = await fixture.signIn("bob");
    const before = fixture.publisher.current?.snapshot.version;
    const created = await fixture.app.inject({
      method: "POST",
      url: "/api/keys",
      headers,
      payload: { name: "laptop" },
    });
    expect(created.statusCode).toBe(201);
    const { key, record } = created.json<{ key: string; record: { id: string } }>();
    expect(looksLikeKey(key)).toBe(true);
    expect(fixture.publisher.current?.snapshot.version).not.toBe(before);
    const listed = await fixture.app.inject({ url: "/api/keys", headers });
    expect(listed.json()).toMatchObject({ keys: [{ id: record.id, name: "laptop" }] });
    expect(listed.body).not.toContain(key);
    const log = await fixture.store.selectFrom("adminLog").selectAll().execute();
    expect(JSON.stringify(log)).not.toContain(key);
    expect(log.at(-1)).toMatchObject({ action: "key.create", actor: "person:bob" });
  });

  test("201: a key with soft denials is listed as such, and in the snapshot", async () => {
    await using fixture = await createControlFixture();
    const headers = await fixture.signIn("bob");
    const payload = { name: "claw", denialStyle: "soft" };
    const request = { method: "POST", url: "/api/keys", headers } as const;
    expect((await fixture.app.inject({ ...request, payload })).statusCode).toBe(201);
    const listed = await fixture.app.inject({ url: "/api/keys", headers });
    expect(listed.json()).toMatchObject({ keys: [{ name: "claw", denialStyle: "soft" }] });
    expect(fixture.publisher.current?.snapshot.keys).toMatchObject([{ denialStyle: "soft" }]);
    const log = await fixture.store.selectFrom("adminLog").selectAll().execute();
    expect(log.at(-1)?.after).toContain('"denialStyle":"soft"');
  });

  test("400: a denial style that there is not", async () => {
    await using fixture = await createControlFixture();
    const headers = await fixture.signIn("bob");
    const payload = { name: "claw", denialStyle: "softer" };
    const request = { method: "POST", url: "/api/keys", headers, payload } as const;
    expect((await fixture.app.inject(request)).statusCode).toBe(400);
  });

  test("200: a revoked key is gone from the snapshot at once", async () => {
    await using fixture = await createControlFixture();
    const headers = await fixture.signIn("bob");
    const { record } = await createKey(fixture.context, { name: "laptop", personId: "bob" });
    await fixture.publisher.refresh();
    expect(fixture.publisher.current?.snapshot.keys).toHaveLength(1);
    const url = `/api/keys/${record.id}`;
    const revoked = await fixture.app.inject({ method: "DELETE", url, headers });
    expect(revoked.statusCode).toBe(200);
    expect(fixture.publisher.current?.snapshot.keys).toHaveLength(0);
  });

  test("404: another person's key is neither listed nor revoked", async () => {
    await using fixture = await createControlFixture();
    const headers = await fixture.signIn("bob");
    const { record } = await createKey(fixture.context, { name: "hers", personId: "ada" });
    const listed = await fixture.app.inject({ url: "/api/keys", headers });
    expect(listed.json()).toEqual({ keys: [] });
    const url = `/api/keys/${record.id}`;
    const revoked = await fixture.app.inject({ method: "DELETE", url, headers });
    expect(revoked.statusCode).toBe(404);
    expect(problemOf(revoked.body).code).toBe("WEIR_KEY_NOT_FOUND");
  });
});
