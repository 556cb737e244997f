import { expect, test } from "vitest";
import { createSignInFixture } from "../../control/testing/sign-in-fixture.ts";

const bob = { sub: "b", preferred_username: "bob", groups: [] };

test("an answer works once, also for the same browser and at the same moment", async () => {
  await using fixture = await createSignInFixture();
  const browser = fixture.browser();
  const back = await fixture.begin(browser, bob);
  const login = browser.cookies["weir_login"] ?? "";
  const attempts = await Promise.all(
    Array.from({ length: 5 }, () => {
      const same = fixture.browser();
      same.setCookie("weir_login", login);
      return same.get(back);
    }),
  );
  expect(attempts.map(({ statusCode }) => statusCode).toSorted((a, b) => a - b)).toEqual([
    303, 400, 400, 400, 400,
  ]);
  expect(await fixture.store.selectFrom("sessions").selectAll().execute()).toHaveLength(1);
});

test("an answer of more than ten minutes ago is too late", async () => {
  await using fixture = await createSignInFixture();
  const browser = fixture.browser();
  const back = await fixture.begin(browser, bob);
  fixture.clock.nowMs += 10 * 60_000;
  expect((await browser.get(back)).statusCode).toBe(400);
});

test("a code that was used elsewhere, or belongs to another sign-in, is worth nothing", async () => {
  await using fixture = await createSignInFixture();
  const [browser, other] = [fixture.browser(), fixture.browser()];
  const first = new URLSearchParams((await fixture.begin(browser, bob)).split("?")[1]);
  const second = new URLSearchParams((await fixture.begin(other, bob)).split("?")[1]);
  // Injected into the attacker's own sign-in: PKCE and nonce belong to another.
  second.set("code", first.get("code") ?? "");
  expect((await other.get(`/auth/callback?${second.toString()}`)).statusCode).toBe(400);
  expect((await browser.get(`/auth/callback?${first.toString()}`)).statusCode).toBe(400);
  expect(await fixture.store.selectFrom("sessions").selectAll().execute()).toEqual([]);
});

test.each([
  ["an audience that is not Weir", { aud: "another-client" }],
  ["another issuer", { iss: "https://evil.example" }],
  ["a nonce of another sign-in", { nonce: "another" }],
  ["an end that has passed", { exp: 1_000_000_000 }],
])("an ID token with %s signs nobody in", async (_what, claims) => {
  await using fixture = await createSignInFixture();
  const browser = fixture.browser();
  const answer = await fixture.signInAs(browser, { ...bob, ...claims });
  expect([answer.statusCode, browser.cookies]).toEqual([400, {}]);
});
