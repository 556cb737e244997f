// The red button and its banner in a real browser, over a `fetch` stand-in.
import { expect, test } from "vitest";
import { page } from "vitest/browser";
import { expectAccessible } from "../testing/expect-accessible.ts";
import { problem, renderConsole } from "../testing/render-console.tsx";
import { noStops, pausedSession } from "../testing/stop-fixtures.ts";

const security = { ...noStops, permissions: { read: true, set: true, lift: true } };
const sentTo = (asked: readonly Request[], path: string) =>
  asked.find(({ method, url }) => method === "POST" && new URL(url).pathname === path);

test("those who may stop anything stop everything with a reason, and nothing without one", async () => {
  const { asked } = await renderConsole("/usage", { stops: security });
  await page.getByRole("button", { name: "Stop…" }).click();
  await expect.element(page.getByRole("dialog", { name: "Stop at once" })).toBeVisible();
  await expectAccessible();
  await page.getByLabelText("What", { exact: true }).selectOptions("all");
  await expect.element(page.getByRole("button", { name: "Stop now" })).toBeDisabled();
  await page.getByRole("textbox", { name: /^Why/ }).fill("incident 42");
  await page.getByRole("button", { name: "Stop now" }).click();
  await expect.poll(() => sentTo(asked, "/api/stops")).toBeDefined();
  const sent = sentTo(asked, "/api/stops");
  expect(sent?.headers.get("x-weir-csrf")).toBe("1");
  expect(await sent?.json()).toEqual({ kind: "all", target: "", reason: "incident 42" });
  await expect.element(page.getByRole("dialog")).not.toBeInTheDocument();
});

test("an employee stops an agent of their own, and is told why it did not work", async () => {
  const { asked } = await renderConsole("/usage", {
    changeStop: () => problem(404, "Nothing of that name", "WEIR_STOP_TARGET_NOT_FOUND"),
  });
  await page.getByRole("button", { name: "Stop…" }).click();
  await page.getByRole("textbox", { name: /^Which/ }).fill("triage");
  await page.getByRole("textbox", { name: /^Why/ }).fill("it deletes mails");
  await page.getByRole("button", { name: "Stop now" }).click();
  await expect.element(page.getByRole("alert")).toMatchTextContent(/Nothing of that name/);
  expect(await sentTo(asked, "/api/me/stops")?.json()).toEqual({
    kind: "agent",
    target: "triage",
    reason: "it deletes mails",
  });
});

test("a paused session is on every page with its reason, and its owner lets it go on", async () => {
  const { asked } = await renderConsole("/keys", {
    stops: { ...noStops, stops: [pausedSession] },
  });
  const banner = page.getByRole("region", { name: "Stops in force" });
  await expect.element(banner).toMatchTextContent(/session s-1 is stopped.*again and again/);
  await page.getByRole("button", { name: "Lift the stop of the session s-1" }).click();
  await expectAccessible();
  await page.getByRole("textbox", { name: /^Why it may go on/ }).fill("I meant it");
  await page.getByRole("button", { name: "Let it go on" }).click();
  const path = `/api/me/stops/${pausedSession.id}/lift`;
  await expect.poll(() => sentTo(asked, path)).toBeDefined();
  expect(await sentTo(asked, path)?.json()).toEqual({ reason: "I meant it" });
});
