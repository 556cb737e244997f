/**
 * One person's way through the console in a real browser, against a whole Weir: sign in by the
 * printed link, see the calls just made, see what was denied and why.
 */
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import { type Browser, chromium, type Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startWeir, type RunningWeir } from "../support/start-weir.ts";

let weir: RunningWeir;
let browser: Browser;
let page: Page;
const errors: string[] = [];

beforeAll(async () => {
  weir = await startWeir({
    config: {
      teams: [{ id: "blue", models: ["sim-*"], tools: ["read"], maxTokens: 50 }],
      people: [{ id: "ada", name: "Ada", team: "blue", roles: ["employee", "admin"] }],
      ledger: { shipIntervalMs: 100 },
    },
  });
  browser = await chromium.launch({
    executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  const context = await browser.newContext({ reducedMotion: "reduce" });
  page = await context.newPage();
  page.setDefaultTimeout(20_000);
  page.on("pageerror", (error) => errors.push(error.message));
});

afterAll(async () => {
  await browser.close();
  await weir.stop();
});

async function call(model: string): Promise<Response> {
  const response = await fetch(`${weir.gateway}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${weir.key}`, "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "hello" }] }),
  });
  await response.arrayBuffer();
  return response;
}

function today(): string {
  return new Date().toISOString().slice(0, 10);
}

async function violations(): Promise<string[]> {
  const source = await readFile(createRequire(import.meta.url).resolve("axe-core"), "utf8");
  const runOnly = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"];
  // Evaluated by the debugger, which the page's content security policy does not bind.
  await page.evaluate(source);
  const results: AxeResults = await page.evaluate(
    `axe.run(document, { runOnly: ${JSON.stringify(runOnly)} })`,
  );
  return results.violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
}

async function expectAccessible(): Promise<void> {
  // A colour halfway through a transition has a contrast that no reader ever meets.
  const still = "*, ::before, ::after { transition: none !important; animation: none !important; }";
  await page.addStyleTag({ content: still });
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    expect(await violations(), colorScheme).toEqual([]);
  }
}

test("without a session the console says how to get in", async () => {
  await page.goto(weir.console);
  await page.getByText("login-link").first().waitFor();
  expect(await page.title()).toContain("Weir");
  await expectAccessible();
});

test("the printed link signs in, and the empty page shows a snippet with the real address", async () => {
  await page.goto(weir.login);
  await page.getByText(`${weir.gateway}/v1/chat/completions`).first().waitFor();
  expect(page.url()).not.toContain("token");
  const [cookie] = await page.context().cookies();
  expect(cookie).toMatchObject({ name: "weir_session", httpOnly: true, sameSite: "Lax" });
  await expectAccessible();
});

test("a used link is refused, with the way to a new one", async () => {
  const response = await fetch(weir.login, { redirect: "manual" });
  expect(response.status).toBe(403);
  expect(response.headers.get("set-cookie")).toBeNull();
  expect(await response.text()).toContain("login-link");
});

test("calls just made show under My usage", async () => {
  for (const model of ["sim-echo", "sim-cached", "gpt-5"]) await call(model);
  await expect
    .poll(
      async () => {
        const usage = await page.request.get(`${weir.console}/api/usage`, {
          params: { from: today(), to: today(), timeZone: "UTC" },
        });
        return JSON.stringify(await usage.json());
      },
      { timeout: 20_000 },
    )
    .toContain("sim-cached");
  await page.goto(`${weir.console}/usage`);
  await page.getByText("sim-cached").first().waitFor();
  await page.getByText("Spend by day").first().waitFor();
  await expectAccessible();
});

test("Decisions shows what was denied and changed, by which rule, and keeps its place in the URL", async () => {
  await page.goto(`${weir.console}/decisions`);
  await page.getByText("limits.max_tokens").first().waitFor();
  await page.locator("label", { hasText: "Denied" }).click();
  await page.waitForURL(/denied/);
  await page.getByText("models.not_allowed").first().waitFor();
  await page
    .getByText(/may not use model gpt-5/)
    .first()
    .waitFor();
  await expect.poll(() => page.getByText("limits.max_tokens").count()).toBe(0);
  await expectAccessible();
  await page.reload();
  await page.getByText("models.not_allowed").first().waitFor();
});

test("signing out ends the session on the server", async () => {
  const cookies = await page.context().cookies();
  const header = cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
  const me = () => fetch(`${weir.console}/api/me`, { headers: { cookie: header } });
  expect((await me()).status).toBe(200);
  await page.getByRole("button", { name: /Ada/ }).click();
  await page.getByRole("menuitem", { name: /sign out/i }).click();
  await page.getByText("login-link").first().waitFor();
  expect((await me()).status).toBe(401);
  expect(errors).toEqual([]);
});
