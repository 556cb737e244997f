// The real views in a real browser, over a `fetch` stand-in with contract-shaped fixtures.
import { expect, test } from "vitest";
import { page } from "vitest/browser";
import { expectAccessible } from "../../testing/expect-accessible.ts";
import { changedDecision, decisionPage, deniedDecision } from "../../testing/fixtures.ts";
import { problem, renderConsole } from "../../testing/render-console.tsx";

const list = () => page.getByRole("list", { name: "Decisions, newest first" });

test("a row tells effect, reason, rule, model, tools and what was changed", async () => {
  await renderConsole("/decisions");
  const denied = list().getByRole("listitem").first();
  await expect.element(denied).toMatchTextContent(/Denied/);
  await expect.element(denied).toMatchTextContent(/not on your team's list/);
  await expect.element(denied).toMatchTextContent(/weir\.models\.not_listed/);
  await expect.element(denied).toMatchTextContent(/gpt-5-pro/);
  const changed = list().getByRole("listitem").nth(1);
  await expect.element(changed).toMatchTextContent(/output capped at 1,000 tokens/);
  await expect.element(changed).toMatchTextContent(/tools: read_file, bash/);
  expect(document.title).toBe("Decisions · Weir");
  await expectAccessible();
});

test("the filter is in the address and in the request", async () => {
  const { router, asked } = await renderConsole("/decisions");
  await page.getByRole("radiogroup", { name: "Show" }).getByText("Denied").click();
  await expect.poll(() => router.state.location.href).toBe("/decisions?show=denied");
  await expect
    .poll(() => asked.map((each) => new URL(each.url).searchParams.get("show")))
    .toContain("denied");
});

test("a row opens its details under a permalink, and closing leaves the list", async () => {
  const { router } = await renderConsole("/decisions?show=changed");
  await page.getByRole("link", { name: /The model is on the list/ }).click();
  await expect
    .poll(() => router.state.location.href)
    .toBe("/decisions?show=changed&decision=dec-changed");
  const dialog = page.getByRole("dialog", { name: "Decision" });
  await expect.element(dialog.getByText("Owner: finance")).toBeVisible();
  await expect.element(dialog.getByText("call-changed")).toBeVisible();
  await expect.element(dialog.getByText("210 µs")).toBeVisible();
  await expectAccessible();
  await dialog.getByRole("button", { name: "Close details" }).click();
  await expect.poll(() => router.state.location.href).toBe("/decisions?show=changed");
});

test("a permalink to a decision that is gone says so, and the list stays", async () => {
  await renderConsole("/decisions?decision=gone");
  const dialog = page.getByRole("dialog", { name: "Decision" });
  await expect.element(dialog.getByText("No such decision")).toBeVisible();
  await expectAccessible();
});

test("Load more goes on from the cursor", async () => {
  const { asked } = await renderConsole("/decisions", {
    decisions: (url) =>
      url.searchParams.get("cursor") === "page-2"
        ? { ...decisionPage, decisions: [changedDecision] }
        : { ...decisionPage, decisions: [deniedDecision], nextCursor: "page-2" },
  });
  await expect.element(page.getByText("1 decision shown")).toBeVisible();
  await page.getByRole("button", { name: "Load more" }).click();
  await expect.element(page.getByText("All 2 decisions shown")).toBeVisible();
  expect(asked.filter((each) => each.url.includes("cursor=page-2"))).toHaveLength(1);
});

test("new decisions wait behind a button", async () => {
  let newest = [changedDecision];
  await renderConsole(
    "/decisions",
    { decisions: () => ({ ...decisionPage, decisions: newest }) },
    100,
  );
  await expect.element(page.getByText("All 1 decision shown")).toBeVisible();
  newest = [deniedDecision, changedDecision];
  const button = page.getByRole("button", { name: "1 new: show" });
  await expect.element(button).toBeVisible();
  await expect.element(page.getByText("All 1 decision shown")).toBeVisible();
  await button.click();
  await expect.element(page.getByText("All 2 decisions shown")).toBeVisible();
  await expect.element(button).not.toBeInTheDocument();
});

test("no decision ever is told apart from none that passes the filter", async () => {
  const none = { ...decisionPage, decisions: [] };
  const { answer, router } = await renderConsole("/decisions", {
    decisions: () => ({ ...none, everDecided: false }),
  });
  await expect.element(page.getByRole("heading", { name: "No decisions yet" })).toBeVisible();
  await expectAccessible();
  answer({ decisions: () => none });
  await router.navigate({ to: "/decisions", search: { show: "denied" } });
  await expect.element(page.getByRole("heading", { name: "Nothing was denied" })).toBeVisible();
  await expectAccessible();
  await page.getByRole("link", { name: "Show all decisions" }).click();
  await expect.poll(() => router.state.location.href).toBe("/decisions");
});

test("a failure can be retried", async () => {
  const { answer } = await renderConsole("/decisions", {
    decisions: () => problem(500, "Weir failed", "WEIR_INTERNAL"),
  });
  await expect.element(page.getByRole("alert").getByText("Weir failed")).toBeVisible();
  answer({ decisions: () => decisionPage });
  await page.getByRole("button", { name: "Retry" }).click();
  await expect.element(list()).toBeVisible();
});
