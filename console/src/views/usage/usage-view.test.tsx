// The real views in a real browser, over a `fetch` stand-in with contract-shaped fixtures.
import { expect, test } from "vitest";
import { page, userEvent } from "vitest/browser";
import { expectAccessible } from "../../testing/expect-accessible.ts";
import { me, neverUsed, quietUsage, usage } from "../../testing/fixtures.ts";
import { problem, renderConsole } from "../../testing/render-console.tsx";

test("shows the figures, with units, currency and exact values in titles", async () => {
  await renderConsole("/usage");
  await expect.element(page.getByRole("heading", { level: 1, name: "My usage" })).toBeVisible();
  const totals = page.getByRole("list", { name: "Totals" });
  await expect.element(totals.getByText("$2.47")).toHaveAttribute("title", "$2.469134 USD");
  await expect.element(totals.getByText("840 ms")).toBeVisible();
  await expect.element(totals.getByText("p95 12.4 s")).toBeVisible();
  await expect.element(page.getByText("As of 12:03")).toBeVisible();
  await expect
    .element(page.getByRole("application", { name: /^Tokens by day/ }))
    .toBeInTheDocument();
  expect(document.title).toBe("My usage · Weir");
  await expectAccessible();
});

test("whose prompts and answers are not kept is told so", async () => {
  await renderConsole("/usage");
  const note = page.getByRole("region", { name: "What Weir records about you" });
  await expect.element(note).toMatchTextContent(/Not your prompts, not the answers/);
});

test("whose prompts and answers are kept is told so, and for how long", async () => {
  await renderConsole("/usage", { me: { ...me, contentRetentionDays: 7 } });
  const note = page.getByRole("region", { name: "What Weir records about you" });
  await expect.element(note).toMatchTextContent(/Your prompts and the answers too, sealed/);
  await expect.element(note).toMatchTextContent(/Prompts and answers: 7 days/);
  await expectAccessible();
});

test("every chart has a table with the same figures", async () => {
  await renderConsole("/usage");
  await page.getByRole("radiogroup", { name: "Tokens by day: show as" }).getByText("Table").click();
  const table = page.getByRole("table", { name: /Tokens by day and class/ });
  await expect
    .element(table.getByRole("rowheader", { name: "Sun 22 Nov 2026 (so far)" }))
    .toBeVisible();
  await expect.element(table.getByRole("cell", { name: "5,000" }).first()).toBeVisible();
  await expectAccessible();
});

test("the bar of a day that is not over is drawn differently", async () => {
  await renderConsole("/usage");
  await expect
    .element(page.getByRole("application", { name: /^Spend by day/ }))
    .toBeInTheDocument();
  await expect.poll(() => document.querySelectorAll("rect[stroke-dasharray]").length).toBe(6);
});

test("range and time zone are in the address, and in the request", async () => {
  const { router, asked } = await renderConsole("/usage?range=mtd&tz=Europe/Berlin");
  await expect.element(page.getByText("1–22 Nov 2026 · days in Europe/Berlin")).toBeVisible();
  await page.getByRole("radiogroup", { name: "Days" }).getByText("30 days").click();
  await expect.poll(() => router.state.location.href).toBe("/usage?range=30d&tz=Europe/Berlin");
  await expect
    .poll(() => asked.map((each) => new URL(each.url).search))
    .toContain("?from=2026-10-24&to=2026-11-22&timeZone=Europe%2FBerlin");
});

test("a custom range is checked before it is asked for", async () => {
  const { router } = await renderConsole("/usage");
  await page.getByRole("button", { name: "Custom" }).click();
  await page.getByLabelText("First day").fill("2026-11-20");
  await page.getByLabelText("Last day").fill("2026-11-10");
  await page.getByRole("button", { name: "Show these days" }).click();
  await expect.element(page.getByText("The first day must not be after the last.")).toBeVisible();
  await expectAccessible();
  await page.getByLabelText("First day").fill("2026-11-01");
  await page.getByRole("button", { name: "Show these days" }).click();
  await expect
    .poll(() => router.state.location.href)
    .toBe("/usage?range=custom&from=2026-11-01&to=2026-11-10");
});

test("unknown cost and missing usage are called out, never shown as zero", async () => {
  const totals = { ...usage.totals, unpricedRequests: 7, missingUsageRequests: 2 };
  await renderConsole("/usage", { usage: { ...usage, totals } });
  await expect.element(page.getByText("Cost unknown for 7 requests.")).toBeVisible();
  await expect.element(page.getByText("No usage reported for 2 requests.")).toBeVisible();
  await expect.element(page.getByText("≥ $2.47").first()).toBeVisible();
  await expectAccessible();
});

test("the models without a price are named, with what that means", async () => {
  const [model] = usage.byModel;
  if (model === undefined) throw new Error("the fixture has no model");
  const byModel = [{ ...model, provider: "vllm", model: "llama-4-70b", unpricedRequests: 7 }];
  const totals = { ...usage.totals, unpricedRequests: 7 };
  await renderConsole("/usage", { usage: { ...usage, totals, byModel } });
  const note = page.getByRole("note").filter({ hasText: "Cost unknown for 7 requests." });
  await expect.element(note).toMatchTextContent(/price of llama-4-70b \(vllm\)/);
  await expect.element(note).toMatchTextContent(/unknown, not zero/);
  await expectAccessible();
});

test("who has never made a call gets snippets with the real gateway", async () => {
  await renderConsole("/usage", { usage: neverUsed });
  await expect.element(page.getByRole("heading", { name: "Make your first call" })).toBeVisible();
  await expect.element(page.getByText("npm run weir -- key create")).toBeVisible();
  const code = page.getByRole("region", { name: "curl" });
  await expect
    .element(code)
    .toMatchTextContent(/http:\/\/127\.0\.0\.1:7777\/v1\/chat\/completions/);
  await expect.element(code).toMatchTextContent(/\$WEIR_KEY/);
  await page.getByRole("tab", { name: "Anthropic · TypeScript" }).click();
  await expect
    .element(page.getByRole("region", { name: "Anthropic · TypeScript" }))
    .toMatchTextContent(/baseURL: "http:\/\/127\.0\.0\.1:7777"/);
  await expectAccessible();
});

test("a range without calls is told apart from never, and offers a longer one", async () => {
  const { router } = await renderConsole("/usage", { usage: quietUsage });
  await expect.element(page.getByRole("heading", { name: "No calls in this range" })).toBeVisible();
  await expectAccessible();
  await page.getByRole("link", { name: "Show last 30 days" }).click();
  await expect.poll(() => router.state.location.href).toBe("/usage?range=30d");
});

test("a failure shows title, detail and request id, and Retry recovers", async () => {
  const { answer } = await renderConsole("/usage", {
    usage: problem(503, "The ledger is not available", "WEIR_LEDGER_UNAVAILABLE"),
  });
  const alert = page.getByRole("alert");
  await expect.element(alert.getByText("The ledger is not available")).toBeVisible();
  await expect.element(alert.getByText("req-4711")).toBeVisible();
  await expectAccessible();
  answer({ usage });
  await alert.getByRole("button", { name: "Retry" }).click();
  await expect.element(page.getByRole("list", { name: "Totals" })).toBeVisible();
});

test("while the answer is under way a skeleton says so", async () => {
  await renderConsole("/usage", { usage: "never" });
  await expect.element(page.getByRole("region", { name: "Loading" })).toBeVisible();
  await expectAccessible();
});

test("updates can be paused and resumed", async () => {
  await renderConsole("/usage");
  await page.getByRole("button", { name: "Pause updates" }).click();
  await expect.element(page.getByText("updates paused")).toBeVisible();
  await page.getByRole("button", { name: "Resume updates" }).click();
  await expect.element(page.getByText(/^updated/)).toBeVisible();
});

test("the simulator is announced, and what is recorded is said with its retention", async () => {
  await renderConsole("/usage", { me: { ...me, simulator: true } });
  await expect.element(page.getByText("The built-in simulator answers.")).toBeVisible();
  await expect.element(page.getByText(/^14 days; then/)).toBeVisible();
  await expectAccessible();
});

test("a definition opens by keyboard", async () => {
  await renderConsole("/usage");
  const button = page.getByRole("button", { name: "What “Spend” means" });
  await expect.element(button).toBeVisible();
  const element = button.element();
  if (element instanceof HTMLElement) element.focus();
  await userEvent.keyboard("{Enter}");
  await expect.element(page.getByText(/Tokens times the list price/)).toBeVisible();
  await expectAccessible();
});
