// A control whose PostgreSQL is stopped, started, frozen: a server of the test's own.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { expect, onTestFinished, test } from "vitest";
import {
  type PostgresServer,
  startPostgres,
} from "../../../test/support/postgres/start-postgres.ts";
import { loadConfig } from "../config/load-config.ts";
import { type Control, startControl } from "./run.ts";
import { createTestDatabase } from "./testing/test-store.ts";

const controlToken = "shared";

interface Scene {
  readonly server: PostgresServer;
  readonly control: Control;
  readonly headers: Record<string, string>;
  readonly logged: string[];
}

async function createScene(): Promise<Scene> {
  const server = await startPostgres();
  onTestFinished(() => server.remove());
  const { target } = await createTestDatabase(server.url);
  const dataDir = await mkdtemp(join(tmpdir(), "weir-outage-"));
  onTestFinished(() => rm(dataDir, { recursive: true, force: true }));
  const config = loadConfig({
    env: {},
    flags: { dataDir, consolePort: "0" },
    cwd: dataDir,
    needsSecrets: false,
  });
  const logged: string[] = [];
  const control = await startControl({
    config,
    dataDir,
    databaseUrl: target,
    controlToken,
    consoleDirectory: join(dataDir, "no-console"),
    ownerName: "Kim",
    version: "1.2.3",
    log: pino({ level: "info" }, { write: (line: string) => logged.push(line) }),
  });
  onTestFinished(() => control.close());
  const login = await fetch(await control.loginUrl(), { redirect: "manual" });
  const cookie = login.headers.get("set-cookie")?.split(";", 1)[0] ?? "";
  const headers = { cookie, "x-weir-csrf": "1", "sec-fetch-site": "same-origin" };
  return { server, control, headers, logged };
}

const statusOf = async ({ control }: Scene) => (await fetch(`${control.consoleUrl}/readyz`)).status;

function createKey({ control, headers }: Scene, name: string): Promise<Response> {
  const init = { method: "POST", body: JSON.stringify({ name }) };
  const json = { ...headers, "content-type": "application/json" };
  return fetch(`${control.consoleUrl}/api/keys`, { ...init, headers: json });
}

async function snapshotStatus({ control }: Scene): Promise<number> {
  const authorization = `Bearer ${controlToken}`;
  const url = `${control.consoleUrl}/internal/snapshot`;
  return (await fetch(url, { headers: { authorization } })).status;
}

async function expectAway(scene: Scene): Promise<void> {
  const answer = await createKey(scene, "meanwhile");
  expect(answer.status).toBe(503);
  expect(answer.headers.get("retry-after")).toBe("1");
  expect(await answer.json()).toMatchObject({
    code: "WEIR_STORE_UNAVAILABLE",
    detail: expect.stringContaining("PostgreSQL"),
  });
  await expect.poll(() => statusOf(scene), { timeout: 15_000 }).toBe(503);
  // What proxies ask for is in memory.
  expect(await snapshotStatus(scene)).toBe(200);
  expect((await fetch(`${scene.control.consoleUrl}/livez`)).status).toBe(200);
}

async function expectBack(scene: Scene): Promise<void> {
  await expect.poll(() => statusOf(scene), { timeout: 30_000 }).toBe(200);
  await expect
    .poll(async () => (await createKey(scene, "again")).status, { timeout: 10_000 })
    .toBe(201);
}

test.each(["SIGINT", "SIGKILL"] as const)(
  "PostgreSQL ended by %s and started again: 503 with advice meanwhile, then all goes on by itself",
  async (signal) => {
    const scene = await createScene();
    await expectBack(scene);
    await scene.server.stop(signal);
    await expectAway(scene);
    await scene.server.start();
    await expectBack(scene);
    const lines = scene.logged.filter((line) => line.includes("snapshot could not be rebuilt"));
    expect(lines.length).toBeGreaterThan(0);
    expect(lines.length).toBeLessThan(10);
    expect(scene.logged.join("")).not.toContain(new URL(scene.server.url).password);
  },
);

test("a PostgreSQL that hangs is as one that is away: every wait has an end", async () => {
  const scene = await createScene();
  expect((await createKey(scene, "before")).status).toBe(201);
  scene.server.signal("SIGSTOP");
  onTestFinished(() => scene.server.signal("SIGCONT"));
  await expectAway(scene);
  scene.server.signal("SIGCONT");
  await expectBack(scene);
});
