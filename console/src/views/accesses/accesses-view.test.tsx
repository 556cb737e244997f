// The real view in a real browser, over a `fetch` stand-in with contract-shaped fixtures.
import { expect, test } from "vitest";
import { page } from "vitest/browser";
import { expectAccessible } from "../../testing/expect-accessible.ts";
import { accessPage, everybodysAccess, ownAccess } from "../../testing/fixtures.ts";
import { problem, renderConsole } from "../../testing/render-console.tsx";

const list = () => page.getByRole("list", { name: "Looks at your data, newest first" });

test("a person finds who looked at their data, at what, and why", async () => {
  const { router } = await renderConsole("/usage");
  const nav = page.getByRole("navigation", { name: "Views" });
  await nav.getByRole("link", { name: "Who looked" }).click();
  await expect.poll(() => router.state.location.pathname).toBe("/accesses");
  const own = list().getByRole("listitem").first();
  await expect.element(own).toMatchTextContent(/Sam Ito/);
  await expect.element(own).toMatchTextContent(/Asked for by the works council/);
  await expect.element(own).toMatchTextContent(/Export of the ledger Your data/);
  const all = list().getByRole("listitem").nth(1);
  await expect.element(all).toMatchTextContent(/at the command line/);
  await expect.element(all).toMatchTextContent(/Everybody's data, yours too/);
  await expect.element(page.getByText("All 2 looks shown")).toBeVisible();
  expect(document.title).toBe("Who looked · Weir");
  await expectAccessible();
});

test("nobody having looked is said, with what would be listed", async () => {
  await renderConsole("/accesses", { accesses: () => ({ ...accessPage, accesses: [] }) });
  const heading = page.getByRole("heading", { name: "Nobody has looked at your data" });
  await expect.element(heading).toBeVisible();
  await expectAccessible();
});

test("Load more goes on from the cursor", async () => {
  const { asked } = await renderConsole("/accesses", {
    accesses: (url) =>
      url.searchParams.get("cursor") === "page-2"
        ? { ...accessPage, accesses: [everybodysAccess] }
        : { ...accessPage, accesses: [ownAccess], nextCursor: "page-2" },
  });
  await expect.element(page.getByText("1 look shown")).toBeVisible();
  await page.getByRole("button", { name: "Load more" }).click();
  await expect.element(page.getByText("All 2 looks shown")).toBeVisible();
  expect(asked.filter((each) => each.url.includes("cursor=page-2"))).toHaveLength(1);
});

test("a failure can be retried", async () => {
  const { answer } = await renderConsole("/accesses", {
    accesses: () => problem(503, "The ledger cannot be read now", "WEIR_LEDGER_UNAVAILABLE"),
  });
  await expect
    .element(page.getByRole("alert").getByText("The ledger cannot be read now"))
    .toBeVisible();
  await expectAccessible();
  answer({ accesses: () => accessPage });
  await page.getByRole("button", { name: "Retry" }).click();
  await expect.element(list().getByRole("listitem").first()).toBeVisible();
});
