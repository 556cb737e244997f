/** A person lets an agent act in their name, and takes it back, through a whole Weir. */
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Browser, chromium } from "playwright";
import { afterAll, beforeAll, expect, test } from "vitest";
import { readLedger } from "../support/read-ledger.ts";
import { type RunningWeir, spawnWeir, startWeir } from "../support/start-weir.ts";

let weir: RunningWeir;
let browser: Browser;

beforeAll(async () => {
  weir = await startWeir();
  await writeFile(join(weir.dataDir, "weir.yaml"), "{}");
  browser = await chromium.launch({
    executablePath: process.env["CHROMIUM_PATH"] ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
  });
});

afterAll(async () => {
  await browser?.close();
  await weir?.stop();
});

async function run(...args: string[]): Promise<string> {
  const place = ["--data-dir", weir.dataDir, "--config", join(weir.dataDir, "weir.yaml")];
  const child = spawnWeir([...args, ...place]);
  let text = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  expect(await once(child, "close")).toEqual([0, null]);
  return text.trim();
}

async function exchange(grantId: string, key: string): Promise<Response> {
  return fetch(`${weir.console}/oauth/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token: grantId,
      subject_token_type: "urn:weir:params:oauth:token-type:grant",
      actor_token: key,
      actor_token_type: "urn:weir:params:oauth:token-type:virtual-key",
      resource: weir.gateway,
    }),
  });
}

async function tokenOf(response: Response): Promise<string> {
  const body: unknown = await response.json();
  if (typeof body === "object" && body !== null && "access_token" in body)
    return String(body.access_token);
  throw new Error(JSON.stringify(body));
}

async function statusWith(token: string, model = "sim-echo"): Promise<number> {
  const response = await fetch(`${weir.gateway}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "hello" }] }),
  });
  await response.arrayBuffer();
  return response.status;
}

test("a person grants in the console, the agent calls in their name, revoking stops it", async () => {
  const key = await run("key", "create", "--agent", "triage", "--name", "triage");
  const page = await browser.newPage({ reducedMotion: "reduce" });
  page.setDefaultTimeout(20_000);
  await page.goto(weir.login);
  await page.getByRole("link", { name: "Agents" }).click();
  await page.getByText("No agent may act for you").waitFor();
  await page.getByRole("textbox", { name: /^Agent/ }).fill("owner/triage");
  await page.getByRole("textbox", { name: /^Models/ }).fill("sim-*");
  await page.getByRole("button", { name: "Grant", exact: true }).click();
  const row = page.getByRole("row", { name: /triage of owner/ });
  await row.waitFor();
  const grantId = (await row.locator("code").textContent()) ?? "";

  const resourceMetadata = await fetch(`${weir.gateway}/.well-known/oauth-protected-resource`);
  expect(await resourceMetadata.json()).toMatchObject({
    resource: weir.gateway,
    authorization_servers: [weir.console],
  });
  const token = await tokenOf(await exchange(grantId, key));
  await expect.poll(() => statusWith(token), { timeout: 10_000 }).toBe(200);
  expect(await statusWith(token, "gpt-5")).not.toBe(200);

  await page.getByRole("button", { name: "Revoke triage of owner" }).click();
  await page.getByRole("button", { name: "Stop triage of owner for good" }).click();
  await row.getByText("Revoked").waitFor();
  await expect.poll(() => statusWith(token), { timeout: 10_000 }).toBe(401);
  expect((await exchange(grantId, key)).status).toBe(400);
});

test("the owner grants and revokes by command, and the row has person and agent", async () => {
  const key = await run("key", "create", "--agent", "nightly", "--name", "nightly");
  const grantId = await run("agent", "grant", "owner/nightly", "--scope", "llm:call");
  const token = await tokenOf(await exchange(grantId, key));
  await expect.poll(() => statusWith(token), { timeout: 10_000 }).toBe(200);
  expect(await run("agent", "list")).toContain("nightly for owner");
  await run("agent", "revoke", grantId);
  await expect.poll(() => statusWith(token), { timeout: 10_000 }).toBe(401);
  weir.process.kill("SIGTERM");
  await once(weir.process, "exit");
  const { calls } = await readLedger(weir.dataDir);
  expect(calls.filter((call) => call["status"] === 200)).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        principal_id: "nightly",
        on_behalf_of: "owner",
        agent_id: "nightly",
        key_id: `grant:${grantId}`,
      }),
    ]),
  );
});
