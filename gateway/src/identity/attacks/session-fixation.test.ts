import { expect, test } from "vitest";
import { createSignInFixture } from "../../control/testing/sign-in-fixture.ts";

const bob = { sub: "b", preferred_username: "bob", groups: [] };

test("a session that somebody planted is never the one that a sign-in starts", async () => {
  await using fixture = await createSignInFixture();
  const browser = fixture.browser();
  browser.setCookie("weir_session", "planted");
  await fixture.signInAs(browser, bob);
  expect(browser.cookies["weir_session"]).not.toBe("planted");
  const planted = fixture.browser();
  planted.setCookie("weir_session", "planted");
  expect((await planted.get("/api/me")).statusCode).toBe(401);
});

test("signing in anew gives another session and ends the former", async () => {
  await using fixture = await createSignInFixture();
  const [browser, thief] = [fixture.browser(), fixture.browser()];
  await fixture.signInAs(browser, bob);
  const first = browser.cookies["weir_session"] ?? "";
  thief.setCookie("weir_session", first);
  await fixture.signInAs(browser, bob);
  expect(browser.cookies["weir_session"]).not.toBe(first);
  expect((await thief.get("/api/me")).statusCode).toBe(401);
});
