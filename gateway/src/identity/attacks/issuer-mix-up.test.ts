import { expect, test } from "vitest";
import { createSignInFixture } from "../../control/testing/sign-in-fixture.ts";

const bob = { sub: "b", preferred_username: "bob", groups: [] };

test.each(["https://evil.example", "http://127.0.0.1", ""])(
  "an answer that says it is from %j is refused before its code is sent anywhere (RFC 9207)",
  async (issuer) => {
    await using fixture = await createSignInFixture();
    const browser = fixture.browser();
    const back = new URLSearchParams((await fixture.begin(browser, bob)).split("?")[1]);
    back.set("iss", issuer);
    const answer = await browser.get(`/auth/callback?${back.toString()}`);
    expect([answer.statusCode, browser.cookies]).toEqual([400, {}]);
  },
);

test("an answer that does not say who it is from is refused where the provider always says so", async () => {
  await using fixture = await createSignInFixture();
  const browser = fixture.browser();
  const back = new URLSearchParams((await fixture.begin(browser, bob)).split("?")[1]);
  back.delete("iss");
  expect((await browser.get(`/auth/callback?${back.toString()}`)).statusCode).toBe(400);
});
