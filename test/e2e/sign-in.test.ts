/**
 * Sign-in against a real identity provider, `oidc-provider`, in a real browser: in, out, ended by
 * the provider, keys rotated in between; and the command line by a code.
 */
import { once } from "node:events";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type RunningProvider, startIdentityProvider } from "../support/identity-provider/start.ts";
import { spawnWeir, startWeir, type RunningWeir } from "../support/start-weir.ts";

let provider: RunningProvider;
let weir: RunningWeir;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let configHome: string;

beforeAll(async () => {
  provider = await startIdentityProvider({
    cleo: { name: "Cleo", groups: ["engineering"] },
    noor: { name: "Noor", groups: ["sales"] },
  });
  configHome = await mkdtemp(join(tmpdir(), "weir-config-"));
  weir = await startWeir({
    env: { WEIR_OIDC_SECRET: provider.clientSecret },
    config: {
      teams: [{ id: "blue" }],
      people: [{ id: "ada", name: "Ada", team: "blue", roles: ["employee", "admin"] }],
      identity: {
        contact: "it@example.com",
        oidc: {
          issuer: provider.issuer,
          clientId: "weir",
          clientSecretEnv: "WEIR_OIDC_SECRET",
          displayName: "Test Login",
          scopes: ["openid", "profile", "groups"],
          personClaim: "preferred_username",
          groups: { engineering: { team: "blue" }, platform: { roles: ["security"] } },
        },
      },
    },
  });
  await provider.serve(weir.console);
  browser = await chromium.launch({
    executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
  await newVisitor();
});

afterAll(async () => {
  await browser?.close();
  await weir?.stop();
  await provider?.stop();
  await rm(configHome, { recursive: true, force: true });
});

/** A browser with no cookies at all. */
async function newVisitor(): Promise<void> {
  await context?.close();
  context = await browser.newContext({ reducedMotion: "reduce" });
  page = await context.newPage();
  page.setDefaultTimeout(20_000);
}

async function signIn(login: string, path = "/usage"): Promise<void> {
  await page.goto(`${weir.console}${path}`);
  await page.getByRole("link", { name: "Sign in with Test Login" }).click();
  await page.locator("input[name=login]").fill(login);
  await page.locator("input[name=password]").fill("any");
  await page.locator("button[type=submit]").click();
  await page.getByRole("button", { name: "Continue" }).click();
}

async function sessionStatus(): Promise<number> {
  return (await page.request.get(`${weir.console}/api/me`)).status();
}

test("somebody whose group has a team signs in, with no token within the page's reach", async () => {
  await signIn("cleo", "/decisions");
  await page.getByRole("button", { name: /Cleo/ }).waitFor();
  expect(new URL(page.url()).pathname).toBe("/decisions");
  const cookies = await context.cookies(weir.console);
  const session = cookies.find(({ name }) => name === "weir_session");
  expect(session).toMatchObject({ httpOnly: true, sameSite: "Lax" });
  const reach = await page.evaluate(
    "JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }])",
  );
  expect(reach).not.toMatch(/eyJ|weir_session/);
});

test("the command line gets a short-lived key once its code is typed and confirmed", async () => {
  const env = { XDG_CONFIG_HOME: configHome };
  const login = spawnWeir(["login", "--url", weir.console], { env });
  let shown = "";
  login.stderr?.on("data", (chunk: Buffer) => {
    shown += chunk.toString();
  });
  await expect.poll(() => shown, { timeout: 30_000 }).toMatch(/[A-Z]{4}-[A-Z]{4}/);
  const [userCode = ""] = /[A-Z]{4}-[A-Z]{4}/.exec(shown) ?? [];
  const ended = once(login, "exit");
  await page.goto(`${weir.console}/device`);
  await page.getByRole("textbox").fill(userCode);
  await page.getByRole("button", { name: "Continue" }).click();
  await page.getByRole("button", { name: "Yes, sign it in" }).click();
  await page.getByText("The device is signed in.").waitFor();
  expect(await ended).toEqual([0, null]);
  const file = join(configHome, "weir", "login.json");
  // oxlint-disable-next-line no-bitwise -- the bits of a file's mode
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  const environment = await outputOf(["env"], env);
  const key = /OPENAI_API_KEY='(\w+)'/.exec(environment)?.[1] ?? "";
  expect(environment).toContain(`OPENAI_BASE_URL='${weir.gateway}/v1'`);
  await expect.poll(() => statusWith(key), { timeout: 20_000 }).toBe(200);
  expect(await outputOf(["logout"], env)).toContain("revoked");
  await expect.poll(() => statusWith(key), { timeout: 20_000 }).toBe(401);
  await expect(stat(file)).rejects.toThrow("ENOENT");
});

async function outputOf(args: string[], env: Record<string, string>): Promise<string> {
  const child = spawnWeir(args, { env });
  let text = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  await once(child, "close");
  return text;
}

async function statusWith(key: string): Promise<number> {
  const response = await fetch(`${weir.gateway}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "sim-echo", messages: [{ role: "user", content: "hello" }] }),
  });
  await response.arrayBuffer();
  return response.status;
}

test("signing out ends the session here and at the provider", async () => {
  await page.goto(`${weir.console}/usage`);
  await page.getByRole("button", { name: /Cleo/ }).click();
  await page.getByRole("menuitem", { name: /sign out/i }).click();
  await page.getByRole("button", { name: /yes, sign me out/i }).click();
  await page.getByRole("heading", { name: "You are signed out" }).waitFor();
  expect(await sessionStatus()).toBe(401);
  expect((await context.cookies(weir.console)).map(({ name }) => name)).not.toContain(
    "weir_session",
  );
});

test("after the provider has changed its keys, sign-in and back-channel logout go on", async () => {
  for (let round = 0; round < 2; round += 1) {
    await provider.rotateKeys();
    await newVisitor();
    await signIn("cleo");
    await page.getByRole("button", { name: /Cleo/ }).waitFor();
  }
  expect(await sessionStatus()).toBe(200);
  // At the provider itself, as from another application: Weir hears of it by back channel alone.
  await page.goto(`${provider.issuer}/session/end`);
  await page.getByRole("button", { name: /yes, sign me out/i }).click();
  await expect.poll(sessionStatus, { timeout: 20_000 }).toBe(401);
});

test("roles change with the groups, at the next sign-in", async () => {
  provider.accounts = { cleo: { name: "Cleo", groups: ["engineering", "platform"] } };
  await newVisitor();
  await signIn("cleo");
  await page.getByRole("button", { name: /Cleo/ }).waitFor();
  const me = await (await page.request.get(`${weir.console}/api/me`)).json();
  expect(me).toMatchObject({ person: { roles: ["employee", "security"] } });
});

test("somebody without a mapped group is told whom to ask", async () => {
  await newVisitor();
  await signIn("noor");
  await page.getByRole("heading", { name: "You have no access to Weir yet" }).waitFor();
  await page.getByText("it@example.com").waitFor();
  expect(await sessionStatus()).toBe(401);
});

test("while the provider is down nobody new comes in, and whoever is in stays", async () => {
  await newVisitor();
  await signIn("cleo");
  await page.getByRole("button", { name: /Cleo/ }).waitFor();
  const other = await browser.newContext();
  await provider.stop();
  expect(await sessionStatus()).toBe(200);
  // What it said of itself is known for a minute; then nobody is sent there.
  const status = async () =>
    (await other.request.get(`${weir.console}/auth/sign-in`, { maxRedirects: 0 })).status();
  await expect.poll(status, { timeout: 90_000, interval: 3000 }).toBe(503);
  expect(await sessionStatus()).toBe(200);
  await other.close();
});
