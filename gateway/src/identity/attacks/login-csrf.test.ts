import { expect, test } from "vitest";
import { createSignInFixture } from "../../control/testing/sign-in-fixture.ts";

const mallory = { sub: "m", preferred_username: "mallory", groups: ["eng"] };

test("nobody is signed in by an attacker's answer: it belongs to the browser that began", async () => {
  await using fixture = await createSignInFixture();
  const [attacker, victim, busy] = [fixture.browser(), fixture.browser(), fixture.browser()];
  const back = await fixture.begin(attacker, mallory);
  expect((await victim.get(back)).statusCode).toBe(400);
  // Nor one that has begun to sign in itself.
  await fixture.begin(busy, mallory);
  expect((await busy.get(back)).statusCode).toBe(400);
  expect(victim.cookies).toEqual({});
  expect(Object.keys(busy.cookies)).toEqual(["weir_login"]);
  // A failed attempt by others does not spoil the sign-in of the browser that began.
  expect((await attacker.get(back)).statusCode).toBe(303);
});

test("a page that a browser loads before it is asked for begins and ends no sign-in", async () => {
  await using fixture = await createSignInFixture();
  const browser = fixture.browser();
  const back = await fixture.begin(browser, mallory);
  const prefetch = { "sec-purpose": "prefetch;prerender" };
  expect((await browser.get(back, prefetch)).statusCode).toBe(503);
  expect((await browser.get("/auth/sign-in", prefetch)).statusCode).toBe(503);
  expect((await browser.get(back)).statusCode).toBe(303);
});

test("the cookie of a sign-in under way is out of reach of scripts and of other hosts", async () => {
  await using fixture = await createSignInFixture({ consoleUrl: "https://weir.example" });
  const headers = { host: "127.0.0.1:7778" };
  const url = "/auth/sign-in?here=1";
  const { cookies } = await fixture.app.inject({ url, headers });
  expect(cookies).toMatchObject([
    { name: "__Host-weir_login", httpOnly: true, secure: true, path: "/", sameSite: "Lax" },
  ]);
  expect(cookies[0]?.domain).toBeUndefined();
  expect(cookies[0]?.maxAge).toBe(600);
});
