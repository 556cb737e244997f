// The real view in a real browser, over a `fetch` stand-in with contract-shaped fixtures.
import { expect, test } from "vitest";
import { page } from "vitest/browser";
import { expectAccessible } from "../../testing/expect-accessible.ts";
import { ledgerStatus, me } from "../../testing/fixtures.ts";
import { problem, renderConsole } from "../../testing/render-console.tsx";

const auditor = { ...me, person: { ...me.person, roles: ["employee", "auditor"] } };

test("an auditor finds how far the ledger is behind", async () => {
  const { router } = await renderConsole("/usage", { me: auditor });
  const nav = page.getByRole("navigation", { name: "Views" });
  await nav.getByRole("link", { name: "Ledger" }).click();
  await expect.poll(() => router.state.location.pathname).toBe("/ledger");
  const table = page.getByRole("table", { name: "State of the ledger" });
  await expect.element(table.getByRole("row", { name: /ClickHouse Ready/ })).toBeVisible();
  await expect.element(table.getByRole("row", { name: /Rows shipped 12,345/ })).toBeVisible();
  await expect.element(table.getByRole("row", { name: /Rows waiting about 240/ })).toBeVisible();
  await expectAccessible();
});

test("an auditor sees how far the log that proves it is signed", async () => {
  await renderConsole("/ledger", { me: auditor });
  const table = page.getByRole("table", { name: "State of the audit log" });
  await expect.element(table.getByRole("row", { name: /Entries 4,321/ })).toBeVisible();
  await expect.element(table.getByRole("row", { name: /over 4,300 entries/ })).toBeVisible();
  await expect.element(table.getByRole("row", { name: /audit.publishTo/ })).toBeVisible();
});

test("dead letters come with what to do about them", async () => {
  await renderConsole("/ledger", { me: auditor, ledgerStatus: { ...ledgerStatus, deadRows: 3 } });
  await expect.element(page.getByRole("note")).toMatchTextContent(/weir ledger dead-letters list/);
  await expectAccessible();
});

test("while ClickHouse is away the page says that calls go on", async () => {
  await renderConsole("/ledger", {
    me: auditor,
    ledgerStatus: { ...ledgerStatus, state: "unavailable", lastShippedAtMs: null },
  });
  await expect.element(page.getByRole("note")).toMatchTextContent(/kept in the spool/);
  await expect.element(page.getByText("Not reachable")).toBeVisible();
});

test("an employee is not offered the view, and is told so when they open it all the same", async () => {
  await renderConsole("/ledger", {
    ledgerStatus: problem(403, "Not permitted", "WEIR_NOT_PERMITTED"),
  });
  await expect.element(page.getByRole("alert")).toMatchTextContent(/WEIR_NOT_PERMITTED/);
  const nav = page.getByRole("navigation", { name: "Views" });
  await expect.element(nav.getByRole("link", { name: "Decisions" })).toBeVisible();
  await expect.element(nav.getByRole("link", { name: "Ledger" })).not.toBeInTheDocument();
});
