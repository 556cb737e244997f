/** Two controls and two proxies on one machine, which share PostgreSQL and Valkey and nothing else. */
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startValkey, type TestValkey } from "../../gateway/src/budget/testing/start-valkey.ts";
import { createTestDatabase } from "../../gateway/src/control/testing/test-store.ts";
import { type PostgresServer, startPostgres } from "../support/postgres/start-postgres.ts";
import { race } from "../support/spend-race.ts";
import { type RunningWeir, spawnWeir, startWeir } from "../support/start-weir.ts";

const scimToken = "a-scim-token-for-tests-0123456789abcdef";
const controlToken = "a-control-token-of-at-least-32-characters";
const budget = 6_000;
/** What a call of the race reserves: its cap, and two bytes of its prompt a token. */
const estimate = 64 + 120;

let postgres: PostgresServer;
let valkey: TestValkey;
let controls: RunningWeir[] = [];
let proxies: RunningWeir[] = [];
let databaseUrl: string;
let session: Record<string, string>;

beforeAll(async () => {
  [postgres, valkey] = await Promise.all([startPostgres(), startValkey()]);
  databaseUrl = (await createTestDatabase(postgres.url)).target;
  const config = {
    limits: { valkeyUrl: valkey.url, replicas: 2 },
    teams: [{ id: "blue" }, { id: "red" }],
    people: [{ id: "ada", name: "Ada", team: "blue", roles: ["employee", "admin"] }],
    budgets: [{ id: "red", by: "team", of: "red", unit: "tokens", limit: budget, window: "month" }],
    identity: {
      consoleUrl: "https://weir.example",
      delegation: { gatewayUrl: "https://gateway.example" },
      scim: { tokenEnv: "SCIM_TOKEN", groups: { engineers: { team: "red" } } },
    },
  };
  const env = {
    WEIR_DATABASE_URL: databaseUrl,
    WEIR_CONTROL_TOKEN: controlToken,
    SCIM_TOKEN: scimToken,
  };
  for (let replica = 0; replica < 2; replica += 1) {
    const control = await startWeir({ command: "control", config, env });
    controls.push(control);
    const proxyEnv = { WEIR_CONTROL_TOKEN: controlToken, WEIR_CONTROL_URL: control.console };
    proxies.push(await startWeir({ command: "proxy", workers: 2, config, env: proxyEnv }));
  }
  session = await signIn(pair(controls)[0]);
});

afterAll(async () => {
  await Promise.all(proxies.map((weir) => weir.stop()));
  await Promise.all(controls.map((weir) => weir.stop()));
  await valkey?.close();
  await postgres?.remove();
  [controls, proxies] = [[], []];
});

function pair<T>(of: readonly T[]): readonly [T, T] {
  const [first, second] = of;
  if (first === undefined || second === undefined) throw new Error("there are two");
  return [first, second];
}

async function scim(control: RunningWeir, method: string, path: string, body?: object) {
  const response = await fetch(`${control.console}/scim/v2${path}`, {
    method,
    headers: {
      authorization: `Bearer ${scimToken}`,
      "content-type": "application/scim+json",
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  const answer: { id?: string } = text === "" ? {} : JSON.parse(text);
  return { status: response.status, id: answer.id ?? "" };
}

/** A session as a browser has it after the link that the first control printed. */
async function signIn(control: RunningWeir): Promise<Record<string, string>> {
  const { pathname, search, hash } = new URL(control.login);
  expect(hash).toBe("");
  const response = await fetch(`${control.console}${pathname}${search}`, { redirect: "manual" });
  const [cookie = ""] = (response.headers.getSetCookie()[0] ?? "").split(";");
  return { cookie, "x-weir-csrf": "1", "sec-fetch-site": "same-origin" };
}

async function api(
  control: RunningWeir,
  method: string,
  path: string,
  body?: object,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${control.console}${path}`, {
    method,
    headers: { ...session, ...(body !== undefined && { "content-type": "application/json" }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  expect(response.ok, text).toBe(true);
  return text === "" ? {} : JSON.parse(text);
}

async function scimList(control: RunningWeir, path: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${scimToken}` };
  const response = await fetch(`${control.console}/scim/v2${path}`, { headers });
  return response.json();
}

/** By the command line, which needs nothing but the store. */
async function keyFor(personId: string): Promise<string> {
  const [{ dataDir }] = pair(controls);
  const file = join(dataDir, "weir.yaml");
  await writeFile(file, "{}");
  const place = ["--data-dir", dataDir, "--config", file];
  const child = spawnWeir(["key", "create", "--person", personId, ...place], {
    env: { WEIR_DATABASE_URL: databaseUrl },
  });
  let text = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    text += chunk.toString();
  });
  expect(await once(child, "close")).toEqual([0, null]);
  return text.trim();
}

async function statusOf(proxy: RunningWeir, credential: string): Promise<number> {
  const response = await fetch(`${proxy.gateway}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${credential}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "sim-echo", messages: [{ role: "user", content: "hello" }] }),
  });
  await response.text();
  return response.status;
}

async function everywhere(credential: string, status: number): Promise<void> {
  for (const proxy of proxies)
    await expect.poll(() => statusOf(proxy, credential), { timeout: 10_000 }).toBe(status);
}

test("a session, a key and its end hold in both controls and at both proxies", async () => {
  const [first, second] = pair(controls);
  const created = await api(second, "POST", "/api/keys", { name: "laptop" });
  const key = String(created["key"]);
  expect(key).toMatch(/^weir_/);
  await everywhere(key, 200);
  const { id } = Object(created["record"]);
  await api(first, "DELETE", `/api/keys/${id}`);
  await everywhere(key, 401);
});

test("what one control has signed for an agent both proxies take, until the other one revokes it", async () => {
  const [first, second] = pair(controls);
  const agent = await api(first, "POST", "/api/keys", {
    name: "triage",
    agentId: "triage",
  });
  const grant = await api(second, "POST", "/api/me/grants", {
    agent: "ada/triage",
    scopes: ["llm:call"],
    untilMs: Date.now() + 600_000,
  });
  const exchanged = await fetch(`${first.console}/oauth/token`, {
    method: "POST",
    body: new URLSearchParams({
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token: String(grant["id"]),
      subject_token_type: "urn:weir:params:oauth:token-type:grant",
      actor_token: String(agent["key"]),
      actor_token_type: "urn:weir:params:oauth:token-type:virtual-key",
      resource: "https://gateway.example",
    }),
  });
  const answer: { access_token?: string } = JSON.parse(await exchanged.text());
  expect(answer.access_token, JSON.stringify(answer)).toBeDefined();
  const token = answer.access_token ?? "";
  await everywhere(token, 200);
  await api(second, "DELETE", `/api/me/grants/${String(grant["id"])}`);
  await everywhere(token, 401);
});

test("whom SCIM brings at one control is in the directory of both, and removed from both", async () => {
  const [first, second] = pair(controls);
  const user = { schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"], userName: "erin" };
  const { id } = await scim(first, "POST", "/Users", user);
  const group = {
    schemas: ["urn:ietf:params:scim:schemas:core:2.0:Group"],
    displayName: "engineers",
    members: [{ value: id }],
  };
  expect((await scim(second, "POST", "/Groups", group)).status).toBe(201);
  const key = await keyFor("erin");
  await everywhere(key, 200);
  expect((await scim(first, "DELETE", `/Users/${id}`)).status).toBe(204);
  await everywhere(key, 401);
});

test("a budget is one budget, whichever proxy spends it", async () => {
  const [first] = pair(controls);
  const user = { schemas: ["urn:ietf:params:scim:schemas:core:2.0:User"], userName: "finn" };
  const { id } = await scim(first, "POST", "/Users", user);
  const { Resources: groups } = Object(await scimList(first, "/Groups"));
  const operation = { op: "add", path: "members", value: [{ value: id }] };
  const change = {
    schemas: ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
    Operations: [operation],
  };
  await scim(first, "PATCH", `/Groups/${groups[0].id}`, change);
  const key = await keyFor("finn");
  await everywhere(key, 200);
  // The shared counters are believed once both replicas have had the time to say what they know.
  await sleep(3_000);
  let tokens = 0;
  let isSpent = false;
  for (let batch = 0; batch < 40 && !isSpent; batch += 1) {
    const calls = Array.from({ length: 20 }, (_, index) => ({
      url: proxies[index % proxies.length]?.gateway ?? "",
      key,
    }));
    const raced = await race(calls);
    tokens += raced.tokens;
    isSpent = raced.statuses.get(200) === undefined;
  }
  process.stdout.write(`two controls, two proxies: ${tokens} of ${budget} tokens\n`);
  expect(isSpent).toBe(true);
  expect(tokens).toBeLessThanOrEqual(budget + estimate);
});

test("with one control dead the other changes things, and the dead one's proxy serves what it knew", async () => {
  const [first, second] = pair(controls);
  const [orphan, other] = pair(proxies);
  const created = await api(first, "POST", "/api/keys", { name: "before" });
  const key = String(created["key"]);
  await everywhere(key, 200);
  const exited = once(first.process, "exit");
  first.process.kill("SIGTERM");
  await exited;
  expect(await statusOf(orphan, key)).toBe(200);
  const { id } = Object(created["record"]);
  await api(second, "DELETE", `/api/keys/${id}`);
  await expect.poll(() => statusOf(other, key), { timeout: 10_000 }).toBe(401);
  expect(await statusOf(orphan, key)).toBe(200);
});
