// The real view in a real browser, over a `fetch` stand-in with contract-shaped fixtures.
import type { OwnBudget } from "@weir/gateway/contracts";
import { expect, test } from "vitest";
import { page } from "vitest/browser";
import { expectAccessible } from "../../testing/expect-accessible.ts";
import { nowMs } from "../../testing/fixtures.ts";
import { problem, renderConsole } from "../../testing/render-console.tsx";

const own: OwnBudget = {
  id: "each-month",
  scope: "person",
  unit: "micro_usd",
  window: "month",
  timeZone: "UTC",
  enforcement: "hard",
  limit: 20_000_000,
  spent: 5_000_000,
  resetsAtMs: Date.UTC(2026, 11, 1),
  contact: "finance@example.com",
};
const shared: OwnBudget = {
  ...own,
  id: "blue-month",
  scope: "team",
  unit: "tokens",
  limit: 1_000_000,
  spent: null,
  contact: "",
};

test("shows what is used of one's own limits, and of shared ones only that they are", async () => {
  await renderConsole("/usage", { budgets: { budgets: [own, shared], asOfMs: nowMs } });
  const card = page.getByRole("region", { name: "Budgets" }).first();
  await expect.element(card.getByText("$5.00 · 25%")).toBeVisible();
  await expect.element(card.getByText("finance@example.com")).toBeVisible();
  await expect.element(card.getByText("1,000,000 tokens a month")).toBeVisible();
  await expect.element(card.getByText("counts others too")).toBeVisible();
  await expectAccessible();
});

test("says when a limit is spent", async () => {
  const spent = { ...own, spent: 20_000_000 };
  await renderConsole("/usage", { budgets: { budgets: [spent], asOfMs: nowMs } });
  const card = page.getByRole("region", { name: "Budgets" }).first();
  await expect.element(card.getByText("spent", { exact: true })).toBeVisible();
});

test("without any limit the card says so", async () => {
  await renderConsole("/usage");
  await expect.element(page.getByText("No limit applies to your calls.")).toBeVisible();
});

test("limits that cannot be read leave the figures standing", async () => {
  await renderConsole("/usage", {
    budgets: problem(503, "The ledger cannot be read now", "WEIR_LEDGER_UNAVAILABLE"),
  });
  await expect.element(page.getByText("The ledger cannot be read now")).toBeVisible();
  await expect.element(page.getByRole("list", { name: "Totals" })).toBeVisible();
});
