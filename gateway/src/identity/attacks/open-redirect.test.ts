import { expect, test } from "vitest";
import { createSignInFixture } from "../../control/testing/sign-in-fixture.ts";
import { returnPath } from "../oidc/return-path.ts";

const elsewhere = [
  "https://evil.example",
  "//evil.example",
  "///evil.example",
  "/\\evil.example",
  "\\\\evil.example",
  "/\t/evil.example",
  "/\n/evil.example",
  "\u0000//evil.example",
  "/.//evil.example",
  "/a/..//evil.example",
  "/%2e//evil.example",
  "https:evil.example",
  "javascript:alert(1)",
  "data:text/html,x",
  " /usage",
  "usage",
  "",
  "/login?token=of-an-attacker",
  "/auth/sign-out",
  "/api/me",
  `/${"a".repeat(3000)}`,
];

test.each(elsewhere)("%j is no way back", (asked) => {
  expect(returnPath(asked)).toBe("/");
});

test.each(["/usage?from=2026-11-01&to=2026-11-02", "/decisions#x", "/device", "/"])(
  "%j is one",
  (asked) => {
    expect(returnPath(asked)).toBe(asked);
  },
);

test("after signing in the browser stays at Weir, whatever the link said", async () => {
  await using fixture = await createSignInFixture();
  const browser = fixture.browser();
  const claims = { sub: "b", preferred_username: "bob", groups: [] };
  const back = await fixture.begin(browser, claims, "//evil.example");
  expect((await browser.get(back)).headers.location).toBe("/");
});
