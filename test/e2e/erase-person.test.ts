import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { stringify } from "yaml";
import { runCommand } from "../support/run-command.ts";
import { startWeir } from "../support/start-weir.ts";

const personId = "erin.miller";
const admin = { id: "ada", team: "blue", roles: ["employee", "admin"] };
const teams = [{ id: "blue" }];
const everybody = { teams, people: [admin, { id: personId, team: "blue" }] };
const withoutErin = { teams, people: [admin] };

let scratch: string;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "weir-erase-"));
});

afterEach(() => {
  rmSync(scratch, { recursive: true, force: true });
});

/** Runs a command on the data directory to its end, with the configuration. */
async function run(config: object, ...args: string[]) {
  const file = join(scratch, "weir.yaml");
  writeFileSync(file, stringify(config));
  return runCommand([...args, "--config", file, "--data-dir", join(scratch, "data")]);
}

async function call(gateway: string, key: string): Promise<number> {
  const response = await fetch(`${gateway}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "sim-echo", messages: [{ role: "user", content: "Hello" }] }),
  });
  await response.arrayBuffer();
  return response.status;
}

/** A Weir in which erin.miller has made calls. @returns their key, and ada's. */
async function letErinCall(): Promise<string> {
  const weir = await startWeir({ dataDir: join(scratch, "data"), config: everybody });
  try {
    const created = await run(everybody, "key", "create", "--person", personId, "--name", "laptop");
    const key = /weir_\w+/.exec(created.stdout)?.[0] ?? "";
    await expect.poll(() => call(weir.gateway, key), { timeout: 10_000 }).toBe(200);
    for (let index = 0; index < 4; index += 1) expect(await call(weir.gateway, key)).toBe(200);
    expect(await call(weir.gateway, weir.key)).toBe(200);
    const named = await run(everybody, "person", "erase", personId, "--yes");
    expect(named).toMatchObject({ code: 1, stderr: expect.stringContaining("weir.yaml") });
    return key;
  } finally {
    await weir.stop();
  }
}

const nothingLeft = { rows: [], inFiles: [] };

test("a person is erased while no Weir runs: no row and no byte of theirs is left", async () => {
  await letErinCall();
  const counted = await run(withoutErin, "person", "erase", personId, "--json");
  expect(JSON.parse(counted.stdout)).toMatchObject({ counts: { calls: 5, keys: 1 }, proof: null });
  const erased = await run(withoutErin, "person", "erase", personId, "--yes", "--json");
  expect(JSON.parse(erased.stdout).proof).toMatchObject(nothingLeft);
  expect(erased.code).toBe(0);
  const verified = await run(withoutErin, "ledger", "verify", "--json");
  expect(JSON.parse(verified.stdout)).toMatchObject({ found: 0 });
  expect(verified.code).toBe(0);
});

// Control's own spool needs a minute to begin another segment.
test("a person is erased while Weir runs, and their key is refused", async () => {
  const key = await letErinCall();
  const weir = await startWeir({ dataDir: join(scratch, "data"), config: withoutErin });
  try {
    const erased = await run(withoutErin, "person", "erase", personId, "--yes", "--json");
    expect(JSON.parse(erased.stdout).proof).toMatchObject(nothingLeft);
    expect(erased.code).toBe(0);
    expect(await call(weir.gateway, key)).toBe(401);
    expect(await call(weir.gateway, weir.key)).toBe(200);
    const verified = await run(withoutErin, "ledger", "verify", "--json");
    expect(verified, verified.stderr).toMatchObject({ code: 0 });
    expect(JSON.parse(verified.stdout)).toMatchObject({ found: 0 });
    const audited = await run(withoutErin, "audit", "verify");
    expect(audited, audited.stderr).toMatchObject({ code: 0 });
  } finally {
    await weir.stop();
  }
}, 240_000);
