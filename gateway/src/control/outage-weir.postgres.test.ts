// A whole Weir, with its supervisor and a proxy, whose PostgreSQL goes away.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { startPostgres } from "../../../test/support/postgres/start-postgres.ts";
import { type RunningWeir, startWeir } from "../../../test/support/start-weir.ts";
import { createTestDatabase } from "./testing/test-store.ts";

async function call(weir: RunningWeir): Promise<number> {
  const response = await fetch(`${weir.gateway}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${weir.key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "sim-echo", messages: [{ role: "user", content: "hello" }] }),
  });
  await response.text();
  return response.status;
}

const readyz = async (origin: string) => (await fetch(`${origin}/readyz`)).status;

async function filesWith(directory: string, texts: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    if (texts.some((text) => bytes.includes(text))) found.push(path);
  }
  return found;
}

test("calls go on without PostgreSQL; its password is in no output and no file", async () => {
  const server = await startPostgres();
  onTestFinished(() => server.remove());
  const { target } = await createTestDatabase(server.url);
  const weir = await startWeir({ env: { WEIR_DATABASE_URL: target } });
  onTestFinished(async () => {
    await weir.stop();
  });
  expect(await call(weir)).toBe(200);
  await server.stop("SIGKILL");
  await expect.poll(() => readyz(weir.console), { timeout: 15_000 }).toBe(503);
  for (let calls = 0; calls < 20; calls += 1) expect(await call(weir)).toBe(200);
  expect(await readyz(weir.metrics)).toBe(200);
  await server.start();
  await expect.poll(() => readyz(weir.console), { timeout: 30_000 }).toBe(200);
  const { password } = new URL(target);
  const secrets = [password, decodeURIComponent(password)];
  for (const secret of secrets) expect(weir.output()).not.toContain(secret);
  expect(await filesWith(weir.dataDir, secrets)).toEqual([]);
});
