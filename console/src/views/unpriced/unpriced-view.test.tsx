// The real view in a real browser, over a `fetch` stand-in with contract-shaped fixtures.
import { expect, test } from "vitest";
import { page } from "vitest/browser";
import { expectAccessible } from "../../testing/expect-accessible.ts";
import { me, unpricedModels } from "../../testing/fixtures.ts";
import { problem, renderConsole } from "../../testing/render-console.tsx";

const finance = { ...me, person: { ...me.person, roles: ["employee", "finance"] } };

test("finance finds every model without a cost, what it means, and the lines that mend it", async () => {
  const { router } = await renderConsole("/usage", { me: finance });
  const nav = page.getByRole("navigation", { name: "Views" });
  await nav.getByRole("link", { name: "Unpriced" }).click();
  await expect.poll(() => router.state.location.pathname).toBe("/unpriced-models");
  const table = page.getByRole("table");
  await expect.element(table.getByRole("rowheader", { name: /llama-4-70b/ })).toBeVisible();
  await expect.element(table.getByText("No price")).toBeVisible();
  await expect.element(table.getByText("Has a price now")).toBeVisible();
  await expect.element(table.getByText("1.23M")).toHaveAttribute("title", "1,234,567 tokens");
  await expect.element(page.getByText(/Their cost is unknown, not zero/)).toBeVisible();
  const lines = page.getByRole("region", { name: "weir.yaml" });
  await expect.element(lines).toMatchTextContent(/"llama-4-70b": \{ input: …, output: … \}/);
  await expect.element(lines).not.toMatchTextContent(/gpt-6\.1-sol/);
  await expect
    .element(page.getByRole("region", { name: "Recompute" }))
    .toMatchTextContent(/prices recompute --from 2026-11-10 --to 2026-11-22 --yes/);
  await expectAccessible();
});

test("models that all have a price by now need no lines, only the command", async () => {
  const models = unpricedModels.models.map((each) => ({ ...each, hasPriceNow: true }));
  await renderConsole("/unpriced-models", {
    me: finance,
    unpricedModels: { ...unpricedModels, models },
  });
  await expect.element(page.getByRole("region", { name: "Recompute" })).toBeVisible();
  await expect.element(page.getByRole("region", { name: "weir.yaml" })).not.toBeInTheDocument();
});

test("nothing unpriced is good news", async () => {
  await renderConsole("/unpriced-models", {
    me: finance,
    unpricedModels: { ...unpricedModels, models: [] },
  });
  await expect.element(page.getByText("Every billed call on record has a cost")).toBeVisible();
  await expectAccessible();
});

test("an employee is not offered the view, and is told so when they open it all the same", async () => {
  await renderConsole("/unpriced-models", {
    unpricedModels: problem(403, "Not permitted", "WEIR_NOT_PERMITTED"),
  });
  await expect.element(page.getByRole("alert")).toMatchTextContent(/WEIR_NOT_PERMITTED/);
  const nav = page.getByRole("navigation", { name: "Views" });
  await expect.element(nav.getByRole("link", { name: "Decisions" })).toBeVisible();
  await expect.element(nav.getByRole("link", { name: "Unpriced" })).not.toBeInTheDocument();
});
