import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import {
  type ClickHouseServer,
  startClickHouseServer,
} from "../../../../test/support/clickhouse-server/start-clickhouse-server.ts";
import { loadConfig } from "../../config/load-config.ts";
import { connectLedger } from "../../control/ledger/connect.ts";
import { closeClickHouse } from "../../ledger/clickhouse/open.ts";
import { readMigrations } from "../../ledger/clickhouse/migrate.ts";
import type { Host } from "../host.ts";
import { runCommandLine } from "../program.ts";

let scratch: string;
let server: ClickHouseServer;

beforeEach(async () => {
  scratch = await mkdtemp(join(tmpdir(), "weir-migrate-"));
  server = await startClickHouseServer({ path: join(scratch, "server") });
});

afterEach(async () => {
  await server.stop();
  await rm(scratch, { recursive: true, force: true });
});

async function configure(settings: object): Promise<string> {
  const file = join(scratch, "weir.yaml");
  const ledger = { clickhouseUrl: server.url, ...settings };
  await writeFile(file, JSON.stringify({ dataDir: join(scratch, "data"), ledger }));
  return file;
}

async function weirLedgerMigrate(file: string, ...args: string[]) {
  const written = { stdout: "", stderr: "" };
  const host: Host = {
    env: {},
    cwd: scratch,
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
    exitCode: 0,
  };
  await runCommandLine(["ledger", "migrate", ...args, "--config", file], host);
  return { ...written, code: host.exitCode };
}

/** Opens the ledger as control does, and says why it could not. */
async function refusal(file: string): Promise<string> {
  const config = loadConfig({ file, env: {}, flags: {}, cwd: scratch, needsSecrets: false });
  try {
    await closeClickHouse(await connectLedger({ config, dataDir: config.dataDir }));
    return "";
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

test("with ledger.migrate: manual a server's tables change by the command alone, and control says so", async () => {
  const file = await configure({ migrate: "manual", retentionDays: 20 });
  expect(await refusal(file)).toMatch(/migrations 1 \(calls\), 2 .*`weir ledger migrate`/);
  const dry = await weirLedgerMigrate(file, "--dry-run");
  expect(dry.stdout).toContain("CREATE TABLE IF NOT EXISTS calls\n");
  expect(dry.stdout).toContain("ALTER TABLE calls MODIFY TTL");
  expect(await refusal(file)).toContain("waits for migrations 1 (calls)");
  const count = (await readMigrations()).length;
  const done = await weirLedgerMigrate(file);
  expect(done.stdout).toContain("applied 1 calls\n");
  expect(done.stdout).toContain(`0 were applied before, ${count} now`);
  expect(await refusal(file)).toBe("");
  const again = await weirLedgerMigrate(file, "--json");
  expect(JSON.parse(again.stdout)).toMatchObject({ applied: [], retention: [] });
  const longer = await configure({ migrate: "manual", retentionDays: 21 });
  expect(await refusal(longer)).toContain("changes of ledger.retention");
  expect((await weirLedgerMigrate(longer, "--dry-run")).stdout).toContain("toIntervalDay(21)");
  await weirLedgerMigrate(longer);
  expect(await refusal(longer)).toBe("");
});

test("with auto, the default, control brings a server up to date itself", async () => {
  const file = await configure({});
  expect(await refusal(file)).toBe("");
  expect((await weirLedgerMigrate(file)).stdout).toMatch(/ 0 now\n$/);
});

test("a dry run for a cluster prints what the cluster would be told", async () => {
  const file = await configure({ cluster: "main" });
  const { stdout } = await weirLedgerMigrate(file, "--dry-run");
  expect(stdout).toContain("CREATE TABLE IF NOT EXISTS calls_local ON CLUSTER `main`");
  expect(stdout).not.toMatch(/CREATE TABLE IF NOT EXISTS calls\n/);
});
