import { expect, test } from "vitest";
import { createSignInFixture, type SignInFixture } from "../../control/testing/sign-in-fixture.ts";
import type { LogoutOptions } from "../../control/testing/identity-provider.ts";

const cleo = { sub: "s-1", preferred_username: "cleo", groups: ["eng"], sid: "one" };

function send(fixture: SignInFixture, token: string) {
  return fixture.app.inject({
    method: "POST",
    url: "/auth/backchannel-logout",
    headers: { host: "127.0.0.1:7778", "content-type": "application/x-www-form-urlencoded" },
    payload: new URLSearchParams({ logout_token: token }).toString(),
  });
}

async function logout(fixture: SignInFixture, options: Partial<LogoutOptions>) {
  const token = await fixture.provider.logoutToken({
    nowMs: fixture.clock.nowMs,
    claims: { sub: cleo.sub },
    ...options,
  });
  return send(fixture, token);
}

test("a session ends by its sid, all of a person's by sub, and each end is recorded", async () => {
  await using fixture = await createSignInFixture();
  const [one, two, three] = [fixture.browser(), fixture.browser(), fixture.browser()];
  await fixture.signInAs(one, cleo);
  await fixture.signInAs(two, { ...cleo, sid: "two" });
  await fixture.signInAs(three, { sub: "b", preferred_username: "bob", sid: "three" });
  const signedIn = async () =>
    Promise.all([one, two, three].map(async (each) => (await each.get("/api/me")).statusCode));
  expect((await logout(fixture, { claims: { sid: "one" } })).statusCode).toBe(200);
  expect(await signedIn()).toEqual([401, 200, 200]);
  expect((await logout(fixture, {})).statusCode).toBe(200);
  expect(await signedIn()).toEqual([401, 401, 200]);
  const ends = fixture.store.selectFrom("adminLog").select("actor");
  const rows = await ends.where("action", "=", "session.end").execute();
  expect(rows).toEqual([{ actor: "weir" }, { actor: "weir" }]);
});

const refused: readonly (readonly [string, Partial<LogoutOptions>])[] = [
  ["signed by another key", { isForged: true }],
  ["for another client", { audience: "another" }],
  ["from another issuer", { issuer: "https://evil.example" }],
  ["of an hour ago", { nowMs: Date.UTC(2026, 10, 23, 11) }],
  ["of the future", { nowMs: Date.UTC(2026, 10, 23, 13) }],
  ["that is an ID token", { claims: { sub: cleo.sub, nonce: "n" } }],
  ["without the event", { claims: { sub: cleo.sub, events: {} } }],
  ["that names nobody", { claims: {} }],
  ["without jti", { claims: { sub: cleo.sub, jti: "" } }],
];

test.each(refused)("a logout token %s ends nothing", async (_what, options) => {
  await using fixture = await createSignInFixture();
  const browser = fixture.browser();
  await fixture.signInAs(browser, cleo);
  expect((await logout(fixture, options)).statusCode).toBe(400);
  expect((await browser.get("/api/me")).statusCode).toBe(200);
});

test("a logout token works once: replayed, it does not end the next session", async () => {
  await using fixture = await createSignInFixture();
  const browser = fixture.browser();
  const claims = { sub: cleo.sub };
  const token = await fixture.provider.logoutToken({ nowMs: fixture.clock.nowMs, claims });
  expect((await send(fixture, token)).statusCode).toBe(200);
  await fixture.signInAs(browser, cleo);
  expect((await send(fixture, token)).statusCode).toBe(400);
  expect((await browser.get("/api/me")).statusCode).toBe(200);
});

test("what is no token at all is refused, unsigned ones too", async () => {
  await using fixture = await createSignInFixture();
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const unsigned = `${part({ alg: "none" })}.${part({ iss: fixture.provider.issuer, sub: cleo.sub })}.`;
  for (const token of ["x", "a.b.c", unsigned])
    expect((await send(fixture, token)).statusCode).toBe(400);
});
