/** Changes, accesses and policies on a whole running Weir: each is a row, each row is a leaf. */
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { starterDirectory } from "../../policies/src/starter.ts";
import { type LedgerRow, readAdminTables } from "../support/read-ledger.ts";
import { runCommand } from "../support/run-command.ts";
import { type RunningWeir, startWeir } from "../support/start-weir.ts";

const killRounds = 6;
const within = { timeout: 30_000, interval: 50 };

let scratch: string;
let policies: string;
let config: object;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "weir-audit-e2e-"));
  policies = join(scratch, "policies");
  await cp(starterDirectory, policies, { recursive: true });
  config = {
    teams: [{ id: "blue", models: ["sim-*"] }],
    people: [{ id: "ada", name: "Ada", team: "blue", roles: ["employee", "admin"] }],
    policies: { directory: policies },
    ledger: { shipIntervalMs: 50 },
    audit: { headIntervalMs: 200, publishTo: [join(scratch, "second-place")] },
  };
  await writeFile(join(scratch, "weir.yaml"), stringify(config));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

const command = (dataDir: string, ...args: string[]) =>
  runCommand([...args, "--data-dir", dataDir, "--config", join(scratch, "weir.yaml")]);

/** @returns the key's id. */
async function createKey(dataDir: string, name: string): Promise<string> {
  const created = await command(dataDir, "key", "create", "--name", name, "--json");
  expect(created.stderr).toBe("");
  const { id }: { id: string } = JSON.parse(created.stdout);
  return id;
}

async function signIn(weir: RunningWeir): Promise<Record<string, string>> {
  const login = await fetch(weir.login, { redirect: "manual" });
  const cookie = login.headers.get("set-cookie")?.split(";", 1)[0] ?? "";
  return { cookie, "x-weir-csrf": "1", "content-type": "application/json" };
}

async function call(weir: RunningWeir): Promise<number> {
  const response = await fetch(`${weir.gateway}/v1/chat/completions`, {
    method: "POST",
    headers: { authorization: `Bearer ${weir.key}`, "content-type": "application/json" },
    body: JSON.stringify({ model: "sim-echo", messages: [{ role: "user", content: "Hello" }] }),
  });
  await response.arrayBuffer();
  return response.status;
}

const actionsOf = (rows: readonly LedgerRow[], action: string) =>
  rows.filter((row) => row["action"] === action).map((row) => row["entity_id"]);

async function expectIntact(dataDir: string, where: string): Promise<void> {
  const verified = await command(dataDir, "audit", "verify", "--json");
  expect({ where, ...verified }).toMatchObject({ where, code: 0 });
  expect(JSON.parse(verified.stdout)).toMatchObject({ intact: true });
}

test("calls, changes by API and by command, a policy and an access are rows and leaves, running and stopped", async () => {
  const weir = await startWeir({ config: { ...config } });
  const { dataDir } = weir;
  let stopped = false;
  const keep = join(scratch, "kept-data");
  try {
    for (let count = 0; count < 5; count += 1) expect(await call(weir)).toBe(200);
    const headers = await signIn(weir);
    const answer = await fetch(`${weir.console}/api/keys`, {
      method: "POST",
      headers,
      body: JSON.stringify({ name: "by API" }),
    });
    const byApi: { record: { id: string } } = JSON.parse(await answer.text());
    const byCommand = await createKey(dataDir, "by command");
    const rule = "package weir.llm_call\n\n# Saved while Weir runs.\n";
    await writeFile(join(policies, "llm_call", "saved.rego"), rule);
    await expect
      .poll(() => weir.output(), within)
      .toMatch(/policy published.*\n[^]*policy published/);
    const accessed = await fetch(`${weir.console}/api/ledger/export`, {
      method: "POST",
      headers,
      body: JSON.stringify({
        table: "calls",
        format: "ndjson",
        from: today(),
        to: today(),
        person: "ada",
        allRows: false,
        purpose: "Asked for by the works council",
      }),
    });
    expect(await accessed.text()).toContain('"finished":true');
    const looks = async () => {
      const page = await fetch(`${weir.console}/api/me/accesses`, { headers });
      const { accesses }: { accesses: object[] } = JSON.parse(await page.text());
      return accesses;
    };
    await expect.poll(async () => (await looks()).length, within).toBe(1);
    expect(await looks()).toMatchObject([
      {
        actor: "person:ada",
        actorName: "Ada",
        scope: "you",
        purpose: "Asked for by the works council",
      },
    ]);
    expect((await command(dataDir, "ledger", "ship")).code).toBe(0);
    await expectIntact(dataDir, "while it runs");
    const report = await fetch(`${weir.console}/api/ledger/status`, { headers });
    expect(JSON.parse(await report.text())).toMatchObject({
      outbox: { isAccepting: true, unpublishedChanges: 0, lastError: "" },
      audit: { state: "open", lastError: "", secondPlaces: [{ failures: 0 }] },
    });
    const metrics = await (await fetch(`${weir.metrics}/metrics`)).text();
    expect(metrics).toMatch(/weir_audit_leaves(\{[^}]*\})? [1-9]/);
    await cp(join(dataDir, "first-key"), keep);
    weir.process.kill("SIGTERM");
    await once(weir.process, "exit");
    stopped = true;
    await expectIntact(dataDir, "stopped");
    const { admin, accesses, decisions } = await readAdminTables(dataDir);
    expect(decisions).toBe(5);
    const keys = actionsOf(admin, "key.create");
    expect(keys).toEqual(expect.arrayContaining([byApi.record.id, byCommand]));
    expect(new Set(admin.map((row) => row["id"])).size).toBe(admin.length);
    const published = admin.filter((row) => row["action"] === "policy.publish");
    expect(published).toHaveLength(2);
    expect(JSON.parse(String(published[1]?.["before"]))).toEqual({
      revision: published[0]?.["entity_id"],
    });
    expect(JSON.parse(String(published[1]?.["after"]))).toHaveProperty([
      "files",
      "llm_call/saved.rego",
    ]);
    expect(accesses).toMatchObject([{ actor: "person:ada", person_id: "ada" }]);
    const later = await createKey(dataDir, "while no Weir runs");
    expect((await command(dataDir, "ledger", "ship")).code).toBe(0);
    expect(actionsOf((await readAdminTables(dataDir)).admin, "key.create")).toContain(later);
    await expectIntact(dataDir, "after a change without a Weir");
    const heads = readFileSync(join(scratch, "second-place"), "utf8");
    expect(heads).toContain("weir.invalid/audit/");
  } finally {
    if (!stopped) weir.process.kill("SIGTERM");
    await weir.stop();
  }
});

function today(): string {
  return new Date().toISOString().slice(0, 10).replaceAll("-", "");
}

function pidOfControl(weir: RunningWeir): number | undefined {
  for (const name of readdirSync("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const isChild = readFileSync(`/proc/${name}/status`, "utf8").includes(
        `PPid:\t${weir.process.pid}\n`,
      );
      if (isChild && readFileSync(`/proc/${name}/cmdline`, "utf8").includes("control.ts"))
        return Number(name);
    } catch {
      // It has ended meanwhile.
    }
  }
  return undefined;
}

test("control killed again and again while changes come in leaves each of them exactly once", async () => {
  const dataDir = join(scratch, "killed");
  const weir = await startWeir({ config: { ...config }, dataDir });
  const made: string[] = [];
  try {
    for (let round = 0; round < killRounds; round += 1) {
      const control = pidOfControl(weir);
      if (control === undefined) throw new Error("there is no control");
      const creating = [createKey(dataDir, `a ${round}`), createKey(dataDir, `b ${round}`)];
      made.push(await Promise.any(creating));
      // Somewhere between claim, append, mark, leaf and row of the changes just committed.
      await new Promise((resolve) => setTimeout(resolve, round * 15));
      process.kill(control, "SIGKILL");
      for (const outcome of await Promise.allSettled(creating))
        if (outcome.status === "fulfilled" && !made.includes(outcome.value))
          made.push(outcome.value);
      await expect
        .poll(async () => {
          const now = pidOfControl(weir);
          const ready = await fetch(`${weir.metrics}/readyz`).catch(() => null);
          return now !== undefined && now !== control && ready?.status === 200;
        }, within)
        .toBe(true);
    }
  } finally {
    expect(await weir.stop()).toBe(0);
  }
  const { admin } = await readAdminTables(dataDir);
  const created = actionsOf(admin, "key.create");
  for (const id of made) expect(created.filter((each) => each === id)).toEqual([id]);
  expect(made.length).toBe(killRounds * 2);
  expect(new Set(admin.map((row) => row["id"])).size).toBe(admin.length);
  expect(actionsOf(admin, "policy.publish")).toHaveLength(1);
  await expectIntact(dataDir, "after all kills");
});
