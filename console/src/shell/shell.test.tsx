// The real shell in a real browser, over a `fetch` stand-in with contract-shaped fixtures.
import { expect, test } from "vitest";
import { page, userEvent } from "vitest/browser";
import { expectAccessible } from "../testing/expect-accessible.ts";
import { me } from "../testing/fixtures.ts";
import { problem, renderConsole } from "../testing/render-console.tsx";

const signedOut = problem(401, "Not signed in", "WEIR_NO_SESSION");

test("/ leads to My usage, and navigation marks the view that is open", async () => {
  const { router } = await renderConsole("/");
  await expect.poll(() => router.state.location.pathname).toBe("/usage");
  const nav = page.getByRole("navigation", { name: "Views" });
  await expect
    .element(nav.getByRole("link", { name: "My usage" }))
    .toHaveAttribute("aria-current", "page");
  await nav.getByRole("link", { name: "Decisions" }).click();
  await expect.element(page.getByRole("heading", { level: 1, name: "Decisions" })).toBeVisible();
  await expect.element(page.getByRole("main")).toHaveFocus();
});

test("who is not signed in learns how to, and gets in once they are", async () => {
  const { answer } = await renderConsole("/decisions", { me: signedOut });
  await expect.element(page.getByRole("heading", { level: 1 })).toMatchTextContent(/one-time link/);
  await expect.element(page.getByText("npm run weir -- login-link")).toBeVisible();
  await expectAccessible();
  answer({ me });
  await page.getByRole("button", { name: "I have opened the link" }).click();
  await expect.element(page.getByRole("heading", { level: 1, name: "Decisions" })).toBeVisible();
});

test("a session that ends while a view is open leads to the sign-in page", async () => {
  const { answer, router } = await renderConsole("/usage");
  await expect.element(page.getByRole("list", { name: "Totals" })).toBeVisible();
  answer({ me: signedOut, usage: signedOut });
  await router.navigate({ to: "/usage", search: { range: "30d" } });
  await expect.element(page.getByRole("heading", { level: 1 })).toMatchTextContent(/one-time link/);
  await expect.element(page.getByRole("list", { name: "Totals" })).not.toBeInTheDocument();
});

test("signing out ends the session on the server and leaves no figures behind", async () => {
  const { answer, asked } = await renderConsole("/usage");
  await page.getByRole("button", { name: "Ada Okafor, account menu" }).click();
  await expect.element(page.getByRole("menuitem", { name: "Sign out" })).toBeVisible();
  await expectAccessible();
  answer({ me: signedOut });
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect.element(page.getByRole("heading", { level: 1 })).toMatchTextContent(/one-time link/);
  const end = asked.find((each) => new URL(each.url).pathname === "/api/session/end");
  expect(end?.method).toBe("POST");
  expect(end?.headers.get("x-weir-csrf")).toBe("1");
});

test("g u, g d and ? work by keyboard, but not while typing", async () => {
  const { router } = await renderConsole("/usage");
  await expect.element(page.getByRole("list", { name: "Totals" })).toBeVisible();
  await userEvent.keyboard("gd");
  await expect.poll(() => router.state.location.pathname).toBe("/decisions");
  await userEvent.keyboard("gu");
  await expect.poll(() => router.state.location.pathname).toBe("/usage");
  await page.getByRole("combobox", { name: "Time zone" }).click();
  await userEvent.keyboard("gd?");
  expect(router.state.location.pathname).toBe("/usage");
  await expect.element(page.getByRole("dialog")).not.toBeInTheDocument();
  await userEvent.keyboard("{Escape}");
  if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
  await userEvent.keyboard("?");
  await expect.element(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await expectAccessible();
});

test("the shortcuts can be switched off (WCAG 2.1.4)", async () => {
  const { router } = await renderConsole("/usage");
  await page.getByRole("button", { name: "Keyboard shortcuts" }).click();
  await page.getByRole("switch", { name: /Use shortcuts/ }).click();
  await userEvent.keyboard("{Escape}");
  await expect.element(page.getByRole("dialog")).not.toBeInTheDocument();
  await userEvent.keyboard("gd");
  expect(router.state.location.pathname).toBe("/usage");
  localStorage.removeItem("weir-shortcuts");
});

test("the first Tab stop skips to the content", async () => {
  await renderConsole("/usage");
  await expect.element(page.getByRole("list", { name: "Totals" })).toBeVisible();
  await userEvent.keyboard("{Tab}");
  await expect.element(page.getByRole("link", { name: "Skip to content" })).toHaveFocus();
});

test("the colour scheme is chosen here and kept for the next visit", async () => {
  await renderConsole("/usage");
  await page.getByRole("radiogroup", { name: "Colour scheme" }).getByTitle("Dark").click();
  await expect.poll(() => document.documentElement.dataset["mantineColorScheme"]).toBe("dark");
  expect(localStorage.getItem("weir-color-scheme")).toBe("dark");
  localStorage.removeItem("weir-color-scheme");
});

test("an address without a view is a 404 with a way back", async () => {
  await renderConsole("/nowhere");
  await expect
    .element(page.getByRole("heading", { level: 1 }))
    .toMatchTextContent(/Page not found/);
  await expect.element(page.getByRole("link", { name: "Go to My usage" })).toBeVisible();
  await expectAccessible();
});
