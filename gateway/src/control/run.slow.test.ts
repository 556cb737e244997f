import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, get, type IncomingMessage } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { Value } from "typebox/value";
import { expect, onTestFinished, test } from "vitest";
import { complete } from "../config/complete.ts";
import { type Config, ConfigFile } from "../config/schema.ts";
import { Snapshot } from "../contracts/snapshot.ts";
import { keyHash } from "../identity/virtual-key.ts";
import { callOf } from "../insight/testing/test-ledger.ts";
import { openSpool } from "../ledger/spool/open-spool.ts";
import { type Control, startControl } from "./run.ts";
import { createTestTarget, testsUsePostgres } from "./testing/test-store.ts";

const controlToken = "shared";
const authorization = { authorization: `Bearer ${controlToken}` };

const configuration = (): Config => Value.Parse(ConfigFile, complete({ console: { port: 0 } }, []));

/** Of data directories whose store is in PostgreSQL. */
const databaseUrls = new Map<string, string>();

async function temporaryDataDir(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "weir-run-"));
  const { target, remove } = await createTestTarget(directory);
  if (testsUsePostgres()) databaseUrls.set(directory, target);
  onTestFinished(async () => {
    await remove();
    await rm(directory, { recursive: true, force: true });
  });
  return directory;
}

function start(dataDir: string, config = configuration()): Promise<Control> {
  return startControl({
    config,
    dataDir,
    databaseUrl: databaseUrls.get(dataDir) ?? "",
    controlToken,
    consoleDirectory: join(dataDir, "no-console"),
    ownerName: "Kim",
    version: "1.2.3",
    log: pino({ enabled: false }),
  });
}

async function snapshotOf(control: Control): Promise<Snapshot> {
  const answer = await fetch(`${control.consoleUrl}/internal/snapshot`, { headers: authorization });
  return Value.Parse(Snapshot, await answer.json());
}

test("a recorded call comes out where its person looks for it; a restart keeps all of it", async () => {
  const dataDir = await temporaryDataDir();
  const first = await start(dataDir);
  const { key, created } = await first.firstKey();
  expect(created).toBe(true);
  const snapshot = await snapshotOf(first);
  expect(snapshot.policy?.data).toEqual({
    teams: { default: { models: ["*"], tools: ["*"], unmeteredOperations: [] } },
  });
  const principal = snapshot.keys.find((known) => known.keyHash === keyHash(key ?? ""))?.principal;
  expect(principal).toMatchObject({ id: "owner", kind: "person", teamId: "default" });

  const spool = await openSpool({
    directory: join(dataDir, "spool", "proxy-0"),
    spoolId: "proxy-0",
    ...configuration().ledger,
    now: Date.now,
  });
  const event = { ...callOf("owner", Date.now()), principal: principal ?? null };
  await spool.append({ type: "call", event });
  await spool.close();
  await first.close();

  const second = await start(dataDir);
  onTestFinished(() => second.close());
  expect(await second.firstKey()).toEqual({ key, created: false });
  expect((await snapshotOf(second)).version).toBe(snapshot.version);
  const readiness = async () => (await fetch(`${second.consoleUrl}/readyz`)).json();
  await expect.poll(readiness, { timeout: 40_000 }).toEqual({ status: "ready" });
  const login = await fetch(await second.loginUrl(), { redirect: "manual" });
  expect(login.status).toBe(303);
  const cookie = login.headers.get("set-cookie")?.split(";", 1)[0] ?? "";
  const day = new Date(event.startedAtMs).toISOString().slice(0, 10);
  const url = `${second.consoleUrl}/api/usage?from=${day}&to=${day}&timeZone=UTC`;
  const usage = await fetch(url, { headers: { cookie } });
  expect(await usage.json()).toMatchObject({ totals: { requests: 1, costMicroUsd: 10 } });
});

test("closing answers a waiting proxy and does not wait for its long poll to end", async () => {
  const control = await start(await temporaryDataDir());
  const { version } = await snapshotOf(control);
  const waiting = fetch(`${control.consoleUrl}/internal/snapshot?wait=60`, {
    headers: { ...authorization, "if-none-match": `"${version}"` },
  });
  // The request is under way once another one on the same server has been answered after it.
  await fetch(`${control.consoleUrl}/livez`);
  const startedAtMs = performance.now();
  await control.close();
  expect((await waiting).status).toBe(304);
  expect(performance.now() - startedAtMs).toBeLessThan(30_000);
});

test("a taken port ends the start with its cause and leaves nothing open behind it", async () => {
  const control = await start(await temporaryDataDir());
  onTestFinished(() => control.close());
  const dataDir = await temporaryDataDir();
  const config = configuration();
  const taken = { ...config, console: { ...config.console, port: control.port } };
  await expect(start(dataDir, taken)).rejects.toMatchObject({ code: "EADDRINUSE" });
  const again = await start(dataDir);
  await again.close();
});

test("while ClickHouse cannot be reached control serves, and says that the ledger is away", async () => {
  const config = configuration();
  const away = { ...config, ledger: { ...config.ledger, clickhouseUrl: "http://127.0.0.1:1" } };
  const control = await start(await temporaryDataDir(), away);
  onTestFinished(() => control.close());
  expect((await snapshotOf(control)).policy).not.toBeNull();
  const ready = await fetch(`${control.consoleUrl}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([200, { status: "degraded" }]);
  const login = await fetch(await control.loginUrl(), { redirect: "manual" });
  const cookie = login.headers.get("set-cookie")?.split(";", 1)[0] ?? "";
  const answer = await fetch(`${control.consoleUrl}/api/decisions`, { headers: { cookie } });
  expect(answer.status).toBe(503);
  expect(answer.headers.get("retry-after")).toBe("1");
});

test("closing ends in seconds though ClickHouse hangs and a browser keeps its connection", async () => {
  const silent = createServer(() => undefined).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const address = silent.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const config = configuration();
  const ledger = { ...config.ledger, clickhouseUrl: `http://127.0.0.1:${port}` };
  const control = await start(await temporaryDataDir(), { ...config, ledger });
  const agent = new Agent({ keepAlive: true });
  onTestFinished(() => {
    agent.destroy();
    silent.close();
  });
  const login = await fetch(await control.loginUrl(), { redirect: "manual" });
  const cookie = login.headers.get("set-cookie")?.split(";", 1)[0] ?? "";
  const url = `${control.consoleUrl}/api/decisions`;
  const asked = once(get(url, { agent, headers: { cookie } }), "response");
  await fetch(`${control.consoleUrl}/livez`);
  const startedAtMs = performance.now();
  await control.close();
  expect(performance.now() - startedAtMs).toBeLessThan(3000);
  const [response]: IncomingMessage[] = await asked;
  expect(response?.statusCode).toBe(503);
});
