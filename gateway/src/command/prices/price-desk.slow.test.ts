import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import type { PriceOverride } from "../../config/price-override.ts";
import { loadConfig } from "../../config/load-config.ts";
import { openStore } from "../../control/store/open-store.ts";
import { startControl } from "../../control/run.ts";
import { connectLedger } from "../../control/ledger/connect.ts";
import { closeClickHouse } from "../../ledger/clickhouse/open.ts";
import { insertCalls } from "../../ledger/testing/insert-events.ts";
import { expectRollUpsToAgree, mixedCalls } from "../../prices/testing/recorded-calls.ts";
import { holdDataDirectory } from "../../supervisor/data-directory.ts";
import { writeRunning } from "../../supervisor/running.ts";
import type { Host } from "../host.ts";
import { runCommandLine } from "../program.ts";

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), "weir-prices-"));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const range = ["--from", "2026-11-23", "--to", "2026-11-24"];

/** The configuration file with a price for the provider of the sample calls. */
function configure(price: PriceOverride): string {
  const file = join(scratch, "weir.yaml");
  const own = {
    name: "own",
    dialect: "openai",
    baseUrl: "http://127.0.0.1:1/v1",
    prices: { "sim-*": price },
  };
  const listener = { port: 0 };
  const ledger = { retentionDays: 20_000 };
  writeFileSync(file, stringify({ providers: [own], console: listener, ledger }));
  return file;
}

async function run(file: string, ...args: string[]) {
  const written = { stdout: "", stderr: "" };
  const host: Host = {
    env: {},
    cwd: scratch,
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
    exitCode: 0,
  };
  const common = ["--config", file, "--data-dir", join(scratch, "data")];
  await runCommandLine(["prices", ...args, ...common], host);
  return { ...written, code: host.exitCode };
}

test("prices are recomputed by a Weir that runs, and by the command itself when none does", async () => {
  const dataDir = join(scratch, "data");
  const first = configure({ input: 1, output: 4, serverTools: { web_search: 0.01 } });
  const load = (file: string) => loadConfig({ file, env: {}, flags: {}, cwd: scratch });
  const lock = await holdDataDirectory(dataDir, process.pid);
  const seeded = await connectLedger({ config: load(first), dataDir });
  await insertCalls(
    seeded,
    mixedCalls(50).map((call) => Object.assign(call, { provider: "own" })),
  );
  await closeClickHouse(seeded);

  const control = await startControl({
    config: load(first),
    dataDir,
    controlToken: "",
    consoleDirectory: scratch,
    ownerName: "owner",
    version: "0",
    log: pino({ enabled: false }),
  });
  const { consoleUrl } = control;
  writeRunning(dataDir, { pid: process.pid, gateway: "", console: consoleUrl, metrics: "" });
  const unpriced = await run(first, "unpriced");
  expect(unpriced.stdout).toMatch(/^own +sim-small +20 .*has a price now: recompute$/m);
  const dry = await run(first, "recompute", ...range, "--json");
  expect(dry.stderr).toContain("add --yes to write");
  expect(JSON.parse(dry.stdout)).toMatchObject({ changed: 30, dryRun: true });
  const done = await run(first, "recompute", ...range, "--yes", "--json");
  expect(JSON.parse(done.stdout)).toMatchObject({ changed: 30, stillUnpriced: 10, dryRun: false });

  const second = configure({ input: 2, output: 4, serverTools: { web_search: 0.01 } });
  const refused = await run(second, "recompute", ...range, "--yes");
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining("Start it again")]);
  await control.close();
  lock.release();

  const again = await run(second, "recompute", ...range, "--yes", "--json");
  expect(JSON.parse(again.stdout)).toMatchObject({ calls: 40, changed: 30 });
  const still = await run(second, "recompute", ...range, "--yes", "--json");
  expect(JSON.parse(still.stdout)).toMatchObject({ calls: 40, changed: 0 });
  const store = await openStore(join(dataDir, "control.db"));
  const changes = store.selectFrom("adminLog").select("actor");
  const recorded = await changes.where("action", "=", "prices.recompute").execute();
  expect(recorded.map(({ actor }) => actor)).toEqual([
    "person:owner",
    "command-line",
    "command-line",
  ]);
  await store.destroy();
  const checked = await connectLedger({ config: load(second), dataDir });
  await expectRollUpsToAgree(checked);
  await closeClickHouse(checked);
});

test("prices are listed and shown, and a model without one exits with 1 and says what to paste", async () => {
  const file = configure({ gpuSecond: 0.0005 });
  expect((await run(file, "list", "sim-*")).stdout).toMatch(/^own +sim-\* +0\.0005\/GPU-s/m);
  const all = await run(file, "list", "claude-sonnet-5", "--all");
  expect(all.stdout).toMatch(/^anthropic +claude-sonnet-5 +2 +10 +0\.2 +2\.5 +table$/m);
  const shown = await run(file, "show", "own", "sim-small");
  expect([shown.code, shown.stdout]).toEqual([0, expect.stringMatching(/weir\.yaml\+[0-9a-f]{8}/)]);
  const missing = await run(file, "show", "own", "llama");
  expect([missing.code, missing.stdout]).toEqual([1, expect.stringContaining('"llama": {')]);
});
