/** Tokens of an identity provider, through a whole Weir: who calls, what is kept of it, and the end of it. */
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openStore } from "../../gateway/src/control/store/open-store.ts";
import { newKey } from "../../gateway/src/identity/testing/sign-token.ts";
import { startIssuer, type TestIssuer } from "../../gateway/src/identity/testing/start-issuer.ts";
import { readLedger } from "../support/read-ledger.ts";
import { type RunningWeir, startWeir } from "../support/start-weir.ts";

const key = newKey("k1", "RS256");
let issuer: TestIssuer;
let weir: RunningWeir;
let dataDir: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "weir-tokens-"));
  issuer = await startIssuer(Date.now);
  issuer.keys = [key.jwk];
  const corp = { name: "corp", issuer: issuer.url, audience: "weir" };
  const service = { id: "nightly", team: "blue", issuer: "corp", subject: "client-1" };
  weir = await startWeir({
    dataDir,
    config: {
      teams: [{ id: "blue", costCenter: "cc-7" }],
      people: [{ id: "ada", name: "Ada", team: "blue", roles: ["employee", "admin"] }],
      identity: {
        issuers: [corp],
        services: [{ ...service, scopes: ["llm:call"], models: ["sim-echo"] }],
      },
    },
  });
}, 120_000);
afterAll(async () => {
  await weir.stop();
  await issuer[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true });
});

function ask(token: string, model = "sim-echo"): Promise<Response> {
  return fetch(`${weir.gateway}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ model, messages: [{ role: "user", content: "hi" }] }),
  });
}

test("a token is its person's, a service is itself and narrower, strangers are told what to do; no token is kept", async () => {
  const good = issuer.sign(key);
  expect((await ask(good)).status).toBe(200);
  const service = issuer.sign(key, { sub: "client-1" });
  expect((await ask(service)).status).toBe(200);
  expect((await ask(service, "sim-tools")).status).toBe(403);
  const stranger = await ask(issuer.sign(key, { sub: "eve" }));
  expect(stranger.status).toBe(403);
  expect(await stranger.text()).toContain("nobody of that name is set up");
  const forged = issuer.sign(newKey("k1", "RS256"));
  expect((await ask(forged)).status).toBe(401);
  expect((await fetch(`${weir.gateway}/v1/models?key=${good}`)).status).toBe(401);
  expect((await ask(weir.key)).status).toBe(200);
  issuer.isDown = true;
  expect((await ask(issuer.sign(key, { jti: "fresh" }))).status).toBe(200);
  // One that is stopped before its database has opened ships its rows at the next start.
  const read = async () => (await fetch(`${weir.metrics}/metrics`)).text();
  await expect
    .poll(read, { timeout: 60_000, interval: 100 })
    .toMatch(/^weir_ledger_up(\{.*\})? 1$/m);
  const metrics = await read();
  expect(metrics).toMatch(/weir_token_checks_total\{[^}]*result="verified"[^}]*\} [1-9]/);
  expect(await weir.stop()).toBe(0);
  expect(await lastUses()).toEqual([expect.closeTo(Date.now(), -6)]);
  const { calls } = await readLedger(dataDir);
  const rows = JSON.stringify(calls);
  expect(rows).toContain("token:corp:ada");
  expect(rows).toContain("token:corp:nightly");
  expect(rows).toContain("cc-7");
  for (const token of [good, service, forged]) {
    const signature = token.split(".")[2] ?? "";
    expect(signature.length).toBeGreaterThan(100);
    expect(rows + weir.output() + metrics).not.toContain(signature);
    expect(await filesWith(dataDir, signature)).toEqual([]);
  }
}, 120_000);

/** As proxies report them, once more when they stop. */
async function lastUses(): Promise<(number | null)[]> {
  const store = await openStore(join(dataDir, "control.db"));
  const rows = await store.selectFrom("keys").select("lastUsedAtMs").execute();
  await store.destroy();
  return rows.map(({ lastUsedAtMs }) => lastUsedAtMs);
}

async function filesWith(directory: string, text: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const found: string[] = [];
  for (const entry of entries.filter((each) => each.isFile())) {
    const path = join(entry.parentPath, entry.name);
    if ((await readFile(path)).includes(text)) found.push(path);
  }
  return found;
}
