import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, test } from "vitest";
import { AuditReader } from "../../gateway/src/audit/log/audit-reader.ts";
import { readSpools } from "../../gateway/src/ledger/status/read-spools.ts";
import { readLedger } from "../support/read-ledger.ts";
import { runCommand } from "../support/run-command.ts";
import { type RunningWeir, startWeir } from "../support/start-weir.ts";

/** Bounds the load: some thirty calls a second. */
const PAUSE_MS = 60;

let scratch: string;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "weir-backup-"));
});

afterEach(() => {
  rmSync(scratch, { recursive: true, force: true });
});

/** Two callers, one call after another, until told to stop. @returns how many calls succeeded. */
async function load(weir: RunningWeir, isOver: () => boolean): Promise<number> {
  const caller = async () => {
    let calls = 0;
    while (!isOver()) {
      const response = await fetch(`${weir.gateway}/v1/chat/completions`, {
        method: "POST",
        headers: { authorization: `Bearer ${weir.key}`, "content-type": "application/json" },
        body: JSON.stringify({ model: "sim-echo", messages: [{ role: "user", content: "Hello" }] }),
      });
      await response.text();
      if (response.status === 200) calls += 1;
      await sleep(PAUSE_MS);
    }
    return calls;
  };
  const [one, other] = await Promise.all([caller(), caller()]);
  return one + other;
}

async function shippedByProxies(dataDir: string): Promise<number> {
  const spools = await readSpools(join(dataDir, "spool"));
  return spools
    .filter(({ spoolId }) => spoolId.startsWith("proxy-"))
    .reduce((sum, { shippedRows }) => sum + shippedRows, 0);
}

interface Manifest {
  readonly rows: Readonly<Record<string, number>>;
  readonly audit: { readonly size: number; readonly root: string };
}

test(
  "a backup under load, restored elsewhere, has every row once and the same tree",
  { timeout: 300_000 },
  async () => {
    const original = join(scratch, "data");
    const weir = await startWeir({ dataDir: original });
    const folder = join(scratch, "backup");
    let isOver = false;
    const loading = load(weir, () => isOver);
    try {
      const options = ["--out", folder, "--with-keys", "--json"];
      const made = await runCommand(["ledger", "backup", "--data-dir", original, ...options]);
      expect(made, made.stderr).toMatchObject({ code: 0 });
      const { pausedMs, files } = JSON.parse(made.stdout);
      process.stdout.write(`backup of ${files} files, shipping paused for ${pausedMs} ms\n`);
    } finally {
      isOver = true;
      await loading;
      expect(await weir.stop()).toBe(0);
    }
    const { rows, audit }: Manifest = JSON.parse(
      readFileSync(join(folder, "manifest.json"), "utf8"),
    );
    expect(rows["calls"]).toBeGreaterThan(0);
    const restored = join(scratch, "restored");
    const done = await runCommand(["ledger", "restore", folder, "--data-dir", restored, "--yes"]);
    expect(done).toMatchObject({ code: 0 });
    const before = await readLedger(restored);
    expect(before.calls).toHaveLength(rows["calls"] ?? -1);
    expect(before.decisions).toHaveLength(rows["decisions"] ?? -1);
    const shippedBefore = await shippedByProxies(restored);
    const again = await startWeir({ dataDir: restored });
    expect(await again.stop()).toBe(0);
    const [was, now] = [await readLedger(original), await readLedger(restored)];
    // Exactly what the backup had in its tables, and what its spools have shipped since.
    const inTables = (rows["calls"] ?? 0) + (rows["decisions"] ?? 0);
    const shipped = (await shippedByProxies(restored)) - shippedBefore;
    expect(now.calls.length + now.decisions.length).toBe(inTables + shipped);
    const ids = now.calls.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    // What the restored spools shipped had been recorded by the original too.
    const known = new Set(was.calls.map(({ id }) => id));
    expect(ids.filter((id) => !known.has(id))).toEqual([]);
    expect(ids.length).toBeGreaterThanOrEqual(rows["calls"] ?? 0);
    expect(await runCommand(["ledger", "verify", "--data-dir", restored])).toMatchObject({
      code: 0,
    });
    const verified = await runCommand(["audit", "verify", "--data-dir", restored]);
    expect(verified, `${verified.stdout}${verified.stderr}`).toMatchObject({ code: 0 });
    const reader = new AuditReader(join(restored, "audit"));
    expect(reader.size).toBeGreaterThanOrEqual(audit.size);
    expect(reader.roots(audit.size).root.toString("base64")).toBe(audit.root);
    reader.close();
    await expectRefusals(folder, restored);
  },
);

/** Neither a directory that holds something nor a changed file is restored. */
async function expectRefusals(folder: string, restored: string): Promise<void> {
  const refused = await runCommand(["ledger", "restore", folder, "--data-dir", restored, "--yes"]);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toContain("is not empty");
  writeFileSync(join(folder, "control.db"), "x");
  const target = join(scratch, "third");
  const damaged = await runCommand(["ledger", "restore", folder, "--data-dir", target, "--yes"]);
  expect(damaged.code).toBe(1);
  expect(damaged.stderr).toContain("control.db was changed since the backup");
}
