import { expect, test } from "vitest";
import { createSignInFixture } from "../testing/sign-in-fixture.ts";
import { plan } from "../testing/control-fixture.ts";
import { createScimFixture, testRules } from "../testing/scim-fixture.ts";
import { createKey } from "../keys/create.ts";
import { syncDirectory } from "../directory/sync.ts";
import { closeAccount, countInStore, eraseChanges } from "../erasure/erase-from-store.ts";
import { reconcilePeople } from "./reconcile.ts";
import { enterpriseSchema } from "./schema-urns.ts";
import { createUser, updateUser } from "./users/write-user.ts";
import { createGroup } from "./groups/write-group.ts";
import { noAttributes } from "./users/user-attributes.ts";

test("team, manager and cost centre have a history, from whatever source they come", async () => {
  await using fixture = await createScimFixture();
  const { scim, newUser, newGroup, clock, store, context, publisher } = fixture;
  const start = clock.nowMs;
  const [worker, chief] = [await newUser("worker"), await newUser("chief")];
  const group = await newGroup("eng", [worker, chief]);
  const set = (value: object) =>
    scim("PATCH", `/Users/${worker}`, { Operations: [{ op: "replace", value }] });
  clock.nowMs += 1000;
  // Okta sends whatever is mapped to the manager: here a user name.
  await set({ [enterpriseSchema]: { manager: { value: "CHIEF" }, costCenter: "cc-9" } });
  await createKey(context, { name: "ci", personId: "worker" });
  await publisher.refresh();
  expect(publisher.current?.snapshot.keys[0]?.principal.costCenter).toBe("cc-9");
  clock.nowMs += 1000;
  await newGroup("ops", [worker]);
  clock.nowMs += 1000;
  await scim("DELETE", `/Groups/${group}`);
  const history = async (personId: string) => {
    const rows = store.selectFrom("personHistory").selectAll().where("personId", "=", personId);
    const found = await rows.orderBy("fromMs").execute();
    return found.map((row) => [
      row.teamId,
      row.managerId,
      row.costCenter,
      row.fromMs - start,
      row.untilMs === null ? null : row.untilMs - start,
    ]);
  };
  expect(await history("worker")).toEqual([
    ["beta", null, "cc-2", 0, 1000],
    ["beta", "chief", "cc-9", 1000, 2000],
    ["alpha", "chief", "cc-9", 2000, null],
  ]);
  expect(await history("chief")).toEqual([["beta", null, "cc-2", 0, 3000]]);
  const [alpha, beta] = plan.teams;
  if (alpha === undefined || beta === undefined) throw new Error("the plan has two teams");
  clock.nowMs += 1000;
  await syncDirectory(context, { ...plan, teams: [alpha, { ...beta, costCenter: "cc-3" }] });
  expect(await history("bob")).toEqual([
    ["beta", null, "cc-2", 0, 4000],
    ["beta", null, "cc-3", 4000, null],
  ]);
});

test("a mapping or a weir.yaml that changes counts from the next start", async () => {
  await using fixture = await createScimFixture();
  const { newUser, newGroup, personOf, context } = fixture;
  await newGroup("eng", [await newUser("cleo"), await newUser("bob")]);
  const groups = { eng: { team: "alpha", roles: ["finance" as const] } };
  const people = plan.people.filter(({ id }) => id !== "bob");
  await syncDirectory(context, { ...plan, people });
  await reconcilePeople(context, { ...testRules, groups });
  for (const id of ["cleo", "bob"])
    expect(await personOf(id)).toMatchObject({
      teamId: "alpha",
      roles: '["employee","finance"]',
      source: "scim",
      removedAtMs: null,
    });
  expect((await personOf("ada"))?.["source"]).toBe("config");
  await reconcilePeople(context, { ...testRules, groups: {} });
  expect((await personOf("cleo"))?.["removedAtMs"]).not.toBeNull();
});

test("who is deleted has no keys when somebody of the same name comes", async () => {
  await using fixture = await createScimFixture({ groups: { "*": { team: "beta" } } });
  const { scim, newUser, context, store } = fixture;
  const id = await newUser("cleo");
  await createKey(context, { name: "ci", personId: "cleo" });
  await scim("DELETE", `/Users/${id}`);
  await newUser("cleo");
  const live = store.selectFrom("keys").selectAll().where("revokedAtMs", "is", null);
  expect(await live.execute()).toEqual([]);
});

test("signing in changes nobody whom SCIM decides about, and lets in nobody whom it took out", async () => {
  const scim = { tokenEnv: "SCIM", personAttribute: "userName" as const, groups: {} };
  await using fixture = await createSignInFixture({ scim });
  const { context, store, browser, signInAs } = fixture;
  const user = await createUser(context, testRules, { ...noAttributes, userName: "cleo" });
  const claims = { sub: "4711", preferred_username: "cleo", groups: ["ops"] };
  const person = () =>
    store.selectFrom("people").selectAll().where("id", "=", "cleo").executeTakeFirst();
  const refused = await signInAs(browser(), claims);
  expect(refused.statusCode).toBe(403);
  expect(await person()).toBeUndefined();
  const members = new Set([user.id]);
  await createGroup(context, testRules, { displayName: "eng", externalId: null, members });
  const before = await person();
  expect((await signInAs(browser(), claims)).statusCode).toBeLessThan(400);
  expect(await person()).toEqual(before);
  expect(before).toMatchObject({ teamId: "beta", source: "scim" });
  const change = (active: boolean) =>
    updateUser(context, testRules, {
      id: user.id,
      ifMatch: null,
      change: (attributes) => ({ ...attributes, active }),
    });
  await change(false);
  expect(await store.selectFrom("sessions").selectAll().execute()).toEqual([]);
  expect((await signInAs(browser(), claims)).statusCode).toBe(403);
  expect((await person())?.removedAtMs).not.toBeNull();
  // Whom SCIM does not know comes in by claims, as without it.
  const other = { sub: "4712", preferred_username: "dora", groups: ["eng"] };
  expect((await signInAs(browser(), other)).statusCode).toBeLessThan(400);
});

test("versions: a client that knows another one changes nothing, and nothing new is not sent", async () => {
  await using fixture = await createScimFixture();
  const { scim, newUser, store } = fixture;
  const id = await newUser("cleo");
  const { etag } = (await scim("GET", `/Users/${id}`)).headers;
  const known = await scim("GET", `/Users/${id}`, undefined, { "if-none-match": String(etag) });
  expect(known.status).toBe(304);
  const body = { userName: "cleo", displayName: "Cleo" };
  const ifMatch = { "if-match": String(etag) };
  expect((await scim("PUT", `/Users/${id}`, body, ifMatch)).status).toBe(200);
  expect((await scim("PUT", `/Users/${id}`, { userName: "x" }, ifMatch)).status).toBe(412);
  expect((await scim("DELETE", `/Users/${id}`, undefined, ifMatch)).status).toBe(412);
  const changes = () => store.selectFrom("adminLog").select("sequence").execute();
  const before = await changes();
  expect((await scim("PUT", `/Users/${id}`, body)).body).toMatchObject({ displayName: "Cleo" });
  expect(await changes()).toEqual(before);
});

test("pages go through everybody once, with and without a filter", async () => {
  await using fixture = await createScimFixture();
  const { scim, newUser } = fixture;
  for (let index = 0; index < 7; index += 1) await newUser(`user-${index}`);
  for (const filter of ["", `&filter=${encodeURIComponent('userName sw "user"')}`]) {
    const seen: unknown[] = [];
    for (const start of [1, 4, 7]) {
      const { body } = await scim("GET", `/Users?startIndex=${start}&count=3${filter}`);
      expect(body).toMatchObject({ totalResults: 7, startIndex: start });
      if (Array.isArray(body["Resources"])) seen.push(...body["Resources"]);
    }
    expect(new Set(seen.map((user) => JSON.stringify(user))).size).toBe(7);
  }
  expect((await scim("GET", "/Users?count=0")).body).toMatchObject({
    totalResults: 7,
    itemsPerPage: 0,
  });
});

test("discovery says what is kept, and every answer is SCIM's", async () => {
  await using fixture = await createScimFixture();
  const { scim } = fixture;
  expect((await scim("GET", "/ServiceProviderConfig")).body).toMatchObject({
    patch: { supported: true },
    filter: { supported: true, maxResults: 200 },
  });
  expect((await scim("GET", "/ResourceTypes")).body["totalResults"]).toBe(2);
  expect((await scim("GET", `/Schemas/${enterpriseSchema}`)).body).toMatchObject({
    id: enterpriseSchema,
  });
  for (const path of ["/Schemas/none", "/Bulk", "/Users/none", "/Groups/none"]) {
    const { status, headers, body } = await scim("GET", path);
    expect([status, body["status"]], path).toEqual([404, "404"]);
    expect(headers["content-type"]).toMatch(/^application\/scim\+json/);
  }
});

test("erasing a person takes what SCIM wrote and their history, and them as a manager", async () => {
  await using fixture = await createScimFixture();
  const { newUser, newGroup, context, store } = fixture;
  const chief = await newUser("the.chief", { displayName: "Chief" });
  const manager = { [enterpriseSchema]: { manager: { value: "the.chief" } } };
  await newGroup("eng", [chief, await newUser("worker", manager)]);
  expect(await countInStore(store, "the.chief")).toMatchObject({ scimUsers: 1, history: 1 });
  await closeAccount(context, "the.chief");
  await eraseChanges(store, "the.chief");
  expect(await countInStore(store, "the.chief")).toMatchObject({
    scimUsers: 0,
    history: 0,
    people: 0,
    changes: 0,
  });
  const tables = ["people", "personHistory", "scimUsers", "scimMembers", "adminLog"] as const;
  for (const table of tables) {
    const rows = await store.selectFrom(table).selectAll().execute();
    expect(JSON.stringify(rows), table).not.toContain("the.chief");
  }
});
