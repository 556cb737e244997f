import { expect, test } from "vitest";
import { page } from "vitest/browser";
import { expectAccessible } from "../../testing/expect-accessible.ts";
import { problem, renderConsole } from "../../testing/render-console.tsx";

const signedOut = problem(401, "Not signed in", "WEIR_NOT_SIGNED_IN");
const withProvider = {
  provider: { name: "Example Login" },
  localLinks: false,
  contact: "it@example.com",
};

test("the button goes to the identity provider and back to where the reader was", async () => {
  await renderConsole("/decisions?show=denied", { me: signedOut, signInOptions: withProvider });
  const button = page.getByRole("link", { name: "Sign in with Example Login" });
  await expect.element(button).toBeVisible();
  const href = new URL(button.element().getAttribute("href") ?? "", "http://console.test");
  expect(href.pathname).toBe("/auth/sign-in");
  expect(href.searchParams.get("returnTo")).toMatch(/^\/decisions\?show=/);
  await expect.element(page.getByText(/it@example.com/)).toBeVisible();
  await expect.element(page.getByText(/login-link/)).not.toBeInTheDocument();
  await expectAccessible();
});

test("without an identity provider there is the link alone", async () => {
  await renderConsole("/usage", { me: signedOut });
  await expect.element(page.getByText("npm run weir -- login-link")).toBeVisible();
  await expect.element(page.getByRole("link", { name: /Sign in with/ })).not.toBeInTheDocument();
  await expectAccessible();
});

test("after signing out the page says so, and whoever is signed in goes on to their usage", async () => {
  await renderConsole("/signed-out", { me: signedOut, signInOptions: withProvider });
  await expect.element(page.getByRole("heading", { name: "You are signed out" })).toBeVisible();
  await expectAccessible();
});

test("signing out goes on to the identity provider where it has vouched", async () => {
  const { left } = await renderConsole("/usage", { endSession: { next: "/auth/sign-out" } });
  await page.getByRole("button", { name: /account menu/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect.poll(() => left).toEqual(["/auth/sign-out"]);
});
