import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { expect, onTestFinished, test } from "vitest";
import { join } from "node:path";
import { createStoreFixture } from "../control/testing/control-fixture.ts";
import { checkControlStore } from "./doctor/check-control-store.ts";
import type { Host } from "./host.ts";
import { loadFor } from "./config-options.ts";
import { runCommandLine } from "./program.ts";

async function emptyDataDir(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), "weir-command-"));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  return directory;
}

function hostOf(cwd: string, url: string): Host & { readonly written: () => string } {
  const written: string[] = [];
  const stream = { write: (text: string) => written.push(text) };
  const env = { WEIR_DATABASE_URL: url };
  return { env, cwd, stdout: stream, stderr: stream, exitCode: 0, written: () => written.join("") };
}

test("commands work from any machine that has the URL, on a data directory of their own", async () => {
  await using fixture = await createStoreFixture();
  const dataDir = await emptyDataDir();
  const host = hostOf(dataDir, fixture.target);
  const run = (...args: string[]) => runCommandLine([...args, "--data-dir", dataDir], host);
  await run("key", "create", "--person", "bob", "--name", "from afar");
  await run("login-link", "--person", "bob");
  expect(host.exitCode).toBe(0);
  expect(host.written()).toMatch(/weir_[A-Za-z0-9_-]+\nhttp.*\/login\?token=/);
  const names = await fixture.store.selectFrom("keys").select("name").execute();
  expect(names).toEqual([{ name: "from afar" }]);
});

test("a backup is refused with what to do instead, before anything is copied", async () => {
  await using fixture = await createStoreFixture();
  const dataDir = await emptyDataDir();
  const host = hostOf(dataDir, fixture.target);
  await runCommandLine(["ledger", "backup", "--data-dir", dataDir], host);
  expect(host.exitCode).toBe(1);
  expect(host.written()).toContain("pg_dump");
});

test("no command and no finding of doctor tells the password, whatever is wrong", async () => {
  await using fixture = await createStoreFixture();
  const dataDir = await emptyDataDir();
  const url = new URL(fixture.target);
  url.password = "hunter2-wrong";
  const host = hostOf(dataDir, url.href);
  await runCommandLine(["key", "list", "--data-dir", dataDir], host);
  await runCommandLine(["config", "check", "--data-dir", dataDir], host);
  const config = loadFor(host, { dataDir }, false);
  const findings = await checkControlStore({ config, env: host.env });
  expect(findings).toMatchObject([{ ok: false, detail: expect.stringContaining(url.host) }]);
  expect(host.written()).toContain(`PostgreSQL at ${url.host}`);
  expect(host.written() + JSON.stringify(findings)).not.toContain("hunter2");
});

test("doctor finds a store that is well, and changes that a lost control has claimed", async () => {
  await using fixture = await createStoreFixture();
  const dataDir = await emptyDataDir();
  const host = hostOf(dataDir, fixture.target);
  const check = () =>
    checkControlStore({ config: loadFor(host, { dataDir }, false), env: host.env });
  expect(await check()).toMatchObject([
    { ok: true, detail: expect.stringMatching(/^PostgreSQL \d+ at .* answers$/) },
  ]);
  const claims = fixture.store.updateTable("adminLog");
  await claims.set({ claimedBy: "lost", claimedAtMs: 1 }).execute();
  expect(await check()).toMatchObject([
    { ok: true },
    { ok: false, detail: expect.stringContaining("lost has claimed 4 changes") },
  ]);
});
