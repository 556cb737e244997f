import { expect, test } from "vitest";
import { syncDirectory } from "../../control/directory/sync.ts";
import { createKey } from "../../control/keys/create.ts";
import { plan } from "../../control/testing/control-fixture.ts";
import { createSignInFixture, type SignInFixture } from "../../control/testing/sign-in-fixture.ts";

const cleo = { sub: "s-1", preferred_username: "cleo", name: "Cleo", groups: ["eng"] };

async function actionsOf({ store }: SignInFixture): Promise<string[]> {
  const rows = await store.selectFrom("adminLog").select("action").orderBy("sequence").execute();
  return rows.map(({ action }) => action).filter((action) => !/^team|^key/.test(action));
}

async function personOf({ store }: SignInFixture, id: string) {
  return store.selectFrom("people").selectAll().where("id", "=", id).executeTakeFirst();
}

test("a new person gets team and roles by group, audited, and lands where they were going", async () => {
  await using fixture = await createSignInFixture();
  const browser = fixture.browser();
  const before = (await actionsOf(fixture)).length;
  const answer = await browser.get(await fixture.begin(browser, cleo, "/decisions?show=denied"));
  expect([answer.statusCode, answer.headers.location]).toEqual([303, "/decisions?show=denied"]);
  const me = (await browser.get("/api/me")).json<object>();
  const person = { id: "cleo", name: "Cleo", teamId: "beta", roles: ["employee"] };
  expect(me).toMatchObject({ person });
  const made = ["person.create", "person.bind", "session.start"];
  expect((await actionsOf(fixture)).slice(before)).toEqual(made);
});

test("roles add up, the first mapped team wins, and changes hold from the next sign-in on", async () => {
  await using fixture = await createSignInFixture();
  const browser = fixture.browser();
  await fixture.signInAs(browser, { ...cleo, groups: ["eng", "ops"] });
  expect(await personOf(fixture, "cleo")).toMatchObject({
    teamId: "alpha",
    roles: '["employee","security"]',
  });
  await createKey(fixture.context, { name: "ci", personId: "cleo" });
  await fixture.signInAs(browser, cleo);
  expect(await personOf(fixture, "cleo")).toMatchObject({ teamId: "beta", roles: '["employee"]' });
  expect((await actionsOf(fixture)).slice(-3)).toEqual([
    "person.update",
    "session.start",
    "session.end",
  ]);
  const [key] = fixture.publisher.current?.snapshot.keys ?? [];
  expect(key?.principal).toMatchObject({ id: "cleo", teamId: "beta", roles: ["employee"] });
});

test("whoever has lost every mapped group is told whom to ask, and sessions and keys end", async () => {
  await using fixture = await createSignInFixture();
  const [former, browser] = [fixture.browser(), fixture.browser()];
  await fixture.signInAs(former, cleo);
  await createKey(fixture.context, { name: "ci", personId: "cleo" });
  const answer = await fixture.signInAs(browser, { ...cleo, groups: ["<b>sales</b>"] });
  expect(answer.statusCode).toBe(403);
  expect(answer.body).toContain("it@example.com");
  expect(answer.body).not.toContain("<b>sales");
  expect((await former.get("/api/me")).statusCode).toBe(401);
  expect(fixture.publisher.current?.snapshot.keys).toEqual([]);
  expect((await actionsOf(fixture)).at(-1)).toBe("person.remove");
});

test("people of weir.yaml keep what it says, and may sign in without any mapped group", async () => {
  await using fixture = await createSignInFixture();
  const browser = fixture.browser();
  const claims = { sub: "s-2", preferred_username: "ada", name: "Somebody", groups: ["eng"] };
  expect((await fixture.signInAs(browser, claims)).statusCode).toBe(303);
  expect(await personOf(fixture, "ada")).toMatchObject({ name: "Ada", teamId: "alpha" });
});

test("a restart leaves those alone whom the identity provider brought", async () => {
  await using fixture = await createSignInFixture();
  const browser = fixture.browser();
  await fixture.signInAs(browser, cleo);
  await syncDirectory(fixture.context, plan);
  expect((await browser.get("/api/me")).statusCode).toBe(200);
});

test("an id is its first account's: another account with the same claim is refused", async () => {
  await using fixture = await createSignInFixture();
  await fixture.signInAs(fixture.browser(), cleo);
  const other = fixture.browser();
  const answer = await fixture.signInAs(other, { ...cleo, sub: "s-9", groups: ["ops"] });
  expect([answer.statusCode, Object.keys(other.cookies)]).toEqual([409, []]);
  const renamed = await fixture.signInAs(other, { ...cleo, preferred_username: "ada" });
  expect(renamed.statusCode).toBe(303);
  expect((await other.get("/api/me")).json()).toMatchObject({ person: { id: "cleo" } });
});

test("the owner that exists while weir.yaml names nobody cannot be taken", async () => {
  await using fixture = await createSignInFixture();
  const claims = { ...cleo, preferred_username: "owner", groups: ["ops"] };
  expect((await fixture.signInAs(fixture.browser(), claims)).statusCode).toBe(409);
});

test.each([undefined, false, "true"])(
  "an address with email_verified %j is nobody's",
  async (verified) => {
    await using fixture = await createSignInFixture({}, { personClaim: "email" });
    const claims = {
      sub: "s-1",
      email: "ada@example.com",
      email_verified: verified,
      groups: ["eng"],
    };
    expect((await fixture.signInAs(fixture.browser(), claims)).statusCode).toBe(403);
  },
);

test("groups that the provider left out are not taken for all of them", async () => {
  await using fixture = await createSignInFixture();
  const claims = { ...cleo, groups: ["eng"], _claim_names: { groups: "src1" } };
  const answer = await fixture.signInAs(fixture.browser(), claims);
  expect([answer.statusCode, answer.body.includes("too many")]).toEqual([403, true]);
});

test("keys that rotate between two sign-ins make no difference", async () => {
  await using fixture = await createSignInFixture();
  for (let round = 0; round < 3; round += 1) {
    await fixture.provider.rotateKeys();
    expect((await fixture.signInAs(fixture.browser(), cleo)).statusCode).toBe(303);
  }
});

test("while the provider is down nobody new comes in, and whoever is in stays", async () => {
  await using fixture = await createSignInFixture({ localLinks: true });
  const [browser, other] = [fixture.browser(), fixture.browser()];
  await fixture.signInAs(browser, cleo);
  const back = await fixture.begin(other, cleo);
  await fixture.provider.stop();
  expect((await other.get(back)).statusCode).toBe(503);
  fixture.clock.nowMs += 61_000;
  expect((await other.get("/auth/sign-in")).statusCode).toBe(503);
  expect((await browser.get("/api/me")).statusCode).toBe(200);
  expect((await fixture.signIn("ada"))["cookie"]).toContain("weir_session=");
});

test("a provider that was never reached is said to be down, and nothing is begun", async () => {
  await using fixture = await createSignInFixture();
  await fixture.provider.stop();
  const answer = await fixture.browser().get("/auth/sign-in");
  expect([answer.statusCode, answer.headers["set-cookie"]]).toEqual([503, undefined]);
  expect(answer.body).toContain("cannot be reached");
  expect(await fixture.store.selectFrom("pendingLogins").selectAll().execute()).toEqual([]);
});

test("with a provider, login links are off unless they are configured", async () => {
  await using fixture = await createSignInFixture();
  const answer = await fixture.browser().get("/login?token=whatever");
  expect([answer.statusCode, answer.body.includes("Login links are off")]).toEqual([403, true]);
});

test("signing out ends the session here, then at the provider, with no token in any page", async () => {
  await using fixture = await createSignInFixture();
  const browser = fixture.browser();
  await fixture.signInAs(browser, cleo);
  expect((await browser.get("/auth/sign-out")).headers.location).toBe("/signed-out");
  expect((await browser.get("/api/me")).statusCode).toBe(200);
  const ended = await browser.post("/api/session/end");
  expect(ended.json()).toEqual({ next: "/auth/sign-out" });
  expect((await browser.get("/api/me")).statusCode).toBe(401);
  const out = new URL(String((await browser.get("/auth/sign-out")).headers.location));
  expect(out.href.startsWith(`${fixture.provider.issuer}/end?`)).toBe(true);
  expect(out.searchParams.get("id_token_hint")).toMatch(/^ey/);
  expect(browser.cookies).toEqual({});
  expect(await fixture.store.selectFrom("sessions").selectAll().execute()).toEqual([]);
});

test("what the store holds of a session lets nobody read its ID token", async () => {
  await using fixture = await createSignInFixture();
  await fixture.signInAs(fixture.browser(), cleo);
  const rows = JSON.stringify(await fixture.store.selectFrom("sessions").selectAll().execute());
  expect(rows).toContain("sealedIdToken");
  expect(rows).not.toContain("eyJ");
});
