import { expect, test } from "vitest";
import { createKey } from "../../control/keys/create.ts";
import { controlToken } from "../../control/testing/control-fixture.ts";
import { createGrant } from "../../control/delegation/grant.ts";
import { createScimFixture, scimToken } from "../../control/testing/scim-fixture.ts";

const list = (filter: string) => `/Users?filter=${encodeURIComponent(filter)}`;
const patch = (...Operations: object[]) => ({ Operations });

test("scim filter injection: what looks like SQL is compared as text or refused", async () => {
  await using fixture = await createScimFixture();
  const { scim, newUser, newGroup, store } = fixture;
  const id = await newUser("ada.l");
  const texts = [
    "' or '1'='1",
    "x'; drop table scim_users; --",
    "%",
    "_",
    "\\",
    "ada_l",
    "' || 'a",
  ];
  for (const text of texts)
    for (const operator of ["eq", "co", "sw"])
      for (const name of ["userName", "externalId", "displayName", "id"]) {
        const { status, body } = await scim(
          "GET",
          list(`${name} ${operator} ${JSON.stringify(text)}`),
        );
        expect([status, body["totalResults"]], `${name} ${operator} ${text}`).toEqual([200, 0]);
      }
  for (const filter of ["1=1", "userName eq 'a' or 1=1", 'userName; eq "a"', 'a"b eq "c"'])
    expect((await scim("GET", list(filter))).body, filter).toMatchObject({
      status: "400",
      scimType: "invalidFilter",
    });
  const path = "members[value eq \"x' or '1'='1\"]";
  const group = await newGroup("g", [id]);
  expect((await scim("PATCH", `/Groups/${group}`, patch({ op: "remove", path }))).status).toBe(204);
  expect((await scim("GET", `/Groups/${group}`)).body["members"]).toHaveLength(1);
  expect(await store.selectFrom("scimUsers").select("userName").execute()).toEqual([
    { userName: "ada.l" },
  ]);
});

test("mass assignment: a body gives neither id, roles, source, team nor a person to be", async () => {
  await using fixture = await createScimFixture();
  const { scim, newGroup, personOf } = fixture;
  const wanted = {
    id: "chosen",
    personId: "ada",
    person_id: "ada",
    source: "config",
    roles: [{ value: "admin" }],
    groups: [{ value: "ops" }],
    teamId: "alpha",
    version: 99,
    createdAtMs: 1,
    ["__proto__x"]: { admin: true },
  };
  const made = await scim("POST", "/Users", { userName: "mallory", ...wanted });
  const id = String(made.body["id"]);
  expect(id).not.toBe("chosen");
  expect(await personOf("mallory")).toBeUndefined();
  await scim("PUT", `/Users/${id}`, { userName: "mallory", ...wanted });
  await scim("PATCH", `/Users/${id}`, patch({ op: "replace", value: wanted }));
  await newGroup("eng", [id]);
  expect(await personOf("mallory")).toMatchObject({
    roles: '["employee"]',
    teamId: "beta",
    source: "scim",
  });
  for (const [path, scimType] of [
    ["id", "mutability"],
    ["groups", "mutability"],
    ["meta.version", "mutability"],
    ["personId", "invalidPath"],
    ["source", "invalidPath"],
    ["constructor", "invalidPath"],
    ["teamId", "invalidPath"],
  ])
    expect(
      (await scim("PATCH", `/Users/${id}`, patch({ op: "replace", path, value: "ada" }))).body,
    ).toMatchObject({ status: "400", scimType });
  const poisoned = await fixture.app.inject({
    method: "POST",
    url: "/scim/v2/Users",
    headers: { authorization: `Bearer ${scimToken}`, "content-type": "application/scim+json" },
    payload: '{"userName":"p","__proto__":{"active":false}}',
  });
  expect(poisoned.statusCode).toBe(400);
});

test("a person in weir.yaml, an admin above all, is not changed by the identity provider", async () => {
  await using fixture = await createScimFixture();
  const { scim, newUser, newGroup, personOf, context, publisher } = fixture;
  await createKey(context, { name: "ci", personId: "ada" });
  const before = await personOf("ada");
  const id = await newUser("ada", { displayName: "Not Ada" });
  await newGroup("eng", [id]);
  await scim("PATCH", `/Users/${id}`, patch({ op: "replace", path: "active", value: false }));
  await scim("DELETE", `/Users/${id}`);
  expect(await personOf("ada")).toEqual(before);
  await publisher.refresh();
  expect(publisher.current?.snapshot.keys.map(({ principal }) => principal.id)).toEqual(["ada"]);
});

test("a user name that is given to another user does not give the person", async () => {
  await using fixture = await createScimFixture();
  const { scim, newUser } = fixture;
  const id = await newUser("ada.l");
  await scim("PATCH", `/Users/${id}`, patch({ op: "replace", path: "userName", value: "ada.m" }));
  expect((await scim("POST", "/Users", { userName: "ada.l" })).body).toMatchObject({
    status: "409",
    scimType: "uniqueness",
  });
});

test("bug: whoever gets the name of a deleted user gets neither their keys nor their grants", async () => {
  await using fixture = await createScimFixture();
  const { context, clock, store, scim, newUser, newGroup } = fixture;
  const id = await newUser("cleo");
  await newGroup("eng", [id]);
  const { record } = await createKey(context, { name: "ci", personId: "cleo" });
  const consent = (personId: string, agent: string) =>
    createGrant(context, {
      personId,
      grant: { agent, scopes: ["llm:call"], untilMs: clock.nowMs + 60_000 },
      serviceIds: new Set(),
    });
  const given = await consent("cleo", "bob/triage");
  const toTheirs = await consent("bob", "cleo/triage");
  const others = await consent("bob", "ada/triage");
  expect((await scim("DELETE", `/Users/${id}`)).status).toBe(204);
  const again = await newUser("cleo");
  await newGroup("ops", [again]);
  const grants = store.selectFrom("grants").select("id").where("revokedAtMs", "is", null);
  expect(await grants.execute()).toEqual([{ id: others.id }]);
  const keys = store.selectFrom("keys").select("id").where("revokedAtMs", "is", null);
  expect((await keys.execute()).map((key) => key.id)).not.toContain(record.id);
  expect(new Set([given.id, toTheirs.id, others.id]).size).toBe(3);
});

test.each(["application/scim+json", "application/json"])(
  "bug: a DELETE that names %s, and sends nothing of it, deletes; a POST of nothing is refused",
  async (type) => {
    await using fixture = await createScimFixture();
    const { app, newUser } = fixture;
    const id = await newUser("cleo");
    const headers = {
      host: "127.0.0.1:7778",
      authorization: `Bearer ${scimToken}`,
      "content-type": type,
    };
    const posted = await app.inject({ method: "POST", url: "/scim/v2/Users", headers });
    expect(posted.statusCode).toBe(400);
    const answer = await app.inject({ method: "DELETE", url: `/scim/v2/Users/${id}`, headers });
    expect([answer.statusCode, answer.body]).toEqual([204, ""]);
  },
);

test("wrong tokens and those of another plane are refused on every route, before anything else", async () => {
  await using fixture = await createScimFixture();
  const { scim, app, context, signIn } = fixture;
  const { key } = await createKey(context, { name: "ci", personId: "ada" });
  const { cookie = "" } = await signIn("ada");
  const tokens = ["", "x", controlToken, key, `${scimToken} `.repeat(2), scimToken.slice(1)];
  const routes = [
    ["GET", "/ServiceProviderConfig"],
    ["GET", "/Schemas"],
    ["GET", "/ResourceTypes/User"],
    ["GET", "/Users"],
    ["POST", "/Users"],
    ["PUT", "/Users/x"],
    ["PATCH", "/Users/x"],
    ["DELETE", "/Users/x"],
    ["GET", "/Groups"],
    ["POST", "/Groups"],
    ["PATCH", "/Groups/x"],
    ["DELETE", "/Groups/x"],
    ["GET", "/Bulk"],
  ] as const;
  for (const [method, path] of routes)
    for (const token of tokens) {
      const headers = { authorization: `Bearer ${token}`, cookie };
      const answer = await scim(method, path, undefined, headers);
      expect(answer.status, `${method} ${path}`).toBe(401);
      expect(answer.headers["www-authenticate"]).toContain("Bearer");
    }
  for (const url of ["/internal/snapshot", "/api/me", "/api/keys"]) {
    const headers = { host: "127.0.0.1:7778", authorization: `Bearer ${scimToken}` };
    expect((await app.inject({ url, headers })).statusCode, url).toBe(401);
  }
});

test("while it is not set there is nothing, whatever the token", async () => {
  await using fixture = await createScimFixture({}, { scimToken: "", scim: null });
  for (const authorization of ["Bearer ", "Bearer x", ""]) {
    const { status, body } = await fixture.scim("GET", "/Users", undefined, { authorization });
    expect([status, body["status"]]).toEqual([404, "404"]);
  }
});

test("what is too large is refused: bodies, filters, texts, operations, pages", async () => {
  await using fixture = await createScimFixture();
  const { scim, newUser } = fixture;
  const huge = { userName: "x", displayName: "y".repeat(1_100_000) };
  expect((await scim("POST", "/Users", huge)).status).toBe(413);
  expect((await scim("POST", "/Users", { userName: "y".repeat(600) })).body["scimType"]).toBe(
    "invalidValue",
  );
  expect((await scim("GET", list(`userName eq "${"x".repeat(3000)}"`))).status).toBe(400);
  const id = await newUser("one");
  const operation = { op: "replace", path: "active", value: true };
  const many = patch(...Array.from({ length: 1001 }, () => operation));
  expect((await scim("PATCH", `/Users/${id}`, many)).body["scimType"]).toBe("tooMany");
  const page = await scim("GET", "/Users?count=1000000&startIndex=-5");
  expect(page.body).toMatchObject({ startIndex: 1, totalResults: 1 });
  for (const query of ["count=x", "startIndex=1e400", "count=99999999999"])
    expect((await scim("GET", `/Users?${query}`)).status).toBe(400);
});
