import { expect, onTestFinished, test } from "vitest";
import { closeAccount } from "../erasure/erase-from-store.ts";
import { noteKeyUse } from "../keys/note-use.ts";
import { createControlFixture, problemOf } from "../testing/control-fixture.ts";

async function start() {
  const fixture = await createControlFixture();
  onTestFinished(() => fixture[Symbol.asyncDispose]());
  const { app, clock, signIn } = fixture;
  const body = {
    agent: "bob/triage",
    scopes: ["llm:call"],
    tools: ["read_*"],
    untilMs: clock.nowMs + 60_000,
  };
  const grantAs = async (personId: string, payload: object = {}) =>
    app.inject({
      method: "POST",
      url: "/api/me/grants",
      headers: await signIn(personId),
      payload: { ...body, ...payload },
    });
  const revokeAs = async (personId: string, url: string) =>
    app.inject({ method: "DELETE", url, headers: await signIn(personId) });
  return { ...fixture, grantAs, revokeAs };
}

test("a grant is its person's own, in the snapshot until it is revoked, and audited by name", async () => {
  const { grantAs, revokeAs, publisher, store, app, signIn } = await start();
  const created = await grantAs("ada");
  expect(created.statusCode).toBe(201);
  const { id } = created.json<{ id: string }>();
  expect(publisher.current?.snapshot.delegation?.grants).toMatchObject([
    { id, personId: "ada", agent: "bob/triage", teamId: "alpha", tools: ["read_*"] },
  ]);
  expect(publisher.current?.snapshot.delegation?.keys).toHaveLength(1);
  const bobs = await app.inject({ url: "/api/me/grants", headers: await signIn("bob") });
  expect(bobs.json()).toEqual({ grants: [] });
  expect((await revokeAs("ada", `/api/me/grants/${id}`)).statusCode).toBe(200);
  expect(publisher.current?.snapshot.delegation?.grants).toEqual([]);
  const log = await store.selectFrom("adminLog").select(["action", "actor"]).execute();
  expect(log.filter(({ action }) => action.startsWith("grant."))).toEqual([
    { action: "grant.create", actor: "person:ada" },
    { action: "grant.revoke", actor: "person:ada" },
  ]);
});

test.each([
  { personId: "bob" },
  { id: "0190c0de-0000-7000-8000-000000000000" },
  { revokedAtMs: null },
  { lastUsedAtMs: 1 },
  { roles: ["admin"] },
])("attack: mass assignment of %j is refused", async (extra) => {
  const { grantAs, store } = await start();
  expect((await grantAs("ada", extra)).statusCode).toBe(400);
  expect(await store.selectFrom("grants").selectAll().execute()).toEqual([]);
});

test.each([
  { scopes: [] },
  { scopes: ["admin"] },
  { maxHops: 4 },
  { maxHops: -1 },
  { agent: "bob/" },
  { agent: "../bob" },
  { agent: "unknown-service" },
  { untilMs: 1 },
  { untilMs: 9_007_199_254_740_991 },
])("%j is refused", async (wrong) => {
  const { grantAs } = await start();
  expect((await grantAs("ada", wrong)).statusCode).toBe(400);
});

test("attack: nobody revokes or sees another's grant, but an admin may revoke it", async () => {
  const { grantAs, revokeAs } = await start();
  const bobs = (await grantAs("bob")).json<{ id: string }>().id;
  const adas = (await grantAs("ada")).json<{ id: string }>().id;
  const hidden = await revokeAs("bob", `/api/me/grants/${adas}`);
  expect(problemOf(hidden.body).code).toBe("WEIR_GRANT_NOT_FOUND");
  expect((await revokeAs("bob", `/api/grants/${adas}`)).statusCode).toBe(403);
  expect((await revokeAs("ada", `/api/me/grants/${bobs}`)).statusCode).toBe(404);
  expect((await revokeAs("ada", `/api/grants/${bobs}`)).statusCode).toBe(204);
});

test("bug: who has a cost centre of their own is charged to it by agents too", async () => {
  const { grantAs, store, publisher } = await start();
  await grantAs("ada");
  await store.updateTable("people").set({ costCenter: "cc-own" }).where("id", "=", "ada").execute();
  await publisher.refresh();
  expect(publisher.current?.snapshot.delegation?.grants[0]?.costCenter).toBe("cc-own");
});

test("a proxy's report of use shows as last used", async () => {
  const { grantAs, context, clock, store } = await start();
  const { id } = (await grantAs("ada")).json<{ id: string }>();
  await noteKeyUse(context, [{ secretId: `grant:${id}`, atMs: clock.nowMs - 5 }]);
  const row = await store.selectFrom("grants").select("lastUsedAtMs").executeTakeFirstOrThrow();
  expect(row.lastUsedAtMs).toBe(clock.nowMs - 5);
});

test("an erased person's grants go, and those of others for an agent of theirs", async () => {
  const { grantAs, context, store } = await start();
  await grantAs("ada");
  await grantAs("bob", { agent: "ada/x" });
  await grantAs("ada", { agent: "ada/x" });
  await closeAccount(context, "bob");
  const rows = await store.selectFrom("grants").select(["personId", "agent"]).execute();
  expect(rows).toEqual([{ personId: "ada", agent: "ada/x" }]);
});

test("metadata say where tokens come from, as RFC 8414 and RFC 9728 have it", async () => {
  const { app } = await start();
  const ask = async (url: string) =>
    (await app.inject({ url, headers: { host: "127.0.0.1:7778" } })).json();
  expect(await ask("/.well-known/oauth-authorization-server")).toMatchObject({
    issuer: "http://127.0.0.1:7778",
    token_endpoint: "http://127.0.0.1:7778/oauth/token",
    jwks_uri: "http://127.0.0.1:7778/oauth/jwks",
    response_types_supported: [],
    grant_types_supported: expect.arrayContaining([
      "urn:ietf:params:oauth:grant-type:token-exchange",
    ]),
  });
  expect(await ask("/.well-known/oauth-protected-resource")).toMatchObject({
    resource: "http://127.0.0.1:7777",
    authorization_servers: ["http://127.0.0.1:7778"],
    bearer_methods_supported: ["header"],
  });
});
