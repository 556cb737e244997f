import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { stringify } from "yaml";
import { encodeRecord, lineOf } from "../../gateway/src/ledger/rows/record.ts";
import { sampleCall } from "../../gateway/src/ledger/testing/events.ts";
import { readAdminTables, readLedger } from "../support/read-ledger.ts";
import { spawnWeir, startWeir } from "../support/start-weir.ts";

const config = {
  teams: [{ id: "blue" }],
  people: [{ id: "ada", team: "blue", roles: ["employee", "admin"] }],
};

let scratch: string;
let letters: string;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "weir-letters-"));
  letters = join(scratch, "data", "spool", "dead-letters");
});

afterEach(() => {
  rmSync(scratch, { recursive: true, force: true });
});

/** Runs a command on the data directory to its end. */
async function run(...args: string[]) {
  const file = join(scratch, "weir.yaml");
  writeFileSync(file, stringify(config));
  const child = spawnWeir([...args, "--config", file, "--data-dir", join(scratch, "data")]);
  if (child.stdout === null || child.stderr === null) throw new Error("no pipes");
  const exited = once(child, "exit");
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await exited;
  return { code: child.exitCode, stdout, stderr };
}

const letterCommand = (...args: string[]) => run("ledger", "dead-letters", ...args);

/** Three calls of person-1 that a spool of former times could not ship. */
function leaveLetters(): void {
  mkdirSync(letters, { recursive: true });
  const lines = [1, 2, 3].map((sequence) => {
    const startedAtMs = Date.now();
    const event = sampleCall(1, {
      id: `call-${sequence}`,
      startedAtMs,
      modelRequested: "a\u001b[2J",
    });
    const { fields, version } = encodeRecord({ type: "call", event });
    const position = { spoolId: "former-0", epoch: 1, sequence };
    return `${JSON.stringify({
      ...position,
      table: "calls",
      version,
      partition: new Date(startedAtMs).toISOString().slice(0, 10).replaceAll("-", ""),
      atMs: startedAtMs,
      code: "CLICKHOUSE_27",
      reason: "no such number",
      line: lineOf(position, fields),
    })}\n`;
  });
  writeFileSync(join(letters, "former-0.ndjson"), lines.join(""));
}

/** Lists, shows, retries and discards by command. */
async function workOnLetters(): Promise<void> {
  const listed = await letterCommand("list", "--json");
  expect(listed, listed.stderr).toMatchObject({ code: 0 });
  expect(JSON.parse(listed.stdout)).toMatchObject({ total: 3, groups: [{ count: 3 }] });
  expect(listed.stdout).not.toContain("person-1");

  const unsaid = await letterCommand("show", "former-0", "2");
  expect(unsaid).toMatchObject({ code: 2, stdout: "" });
  expect(unsaid.stderr).toContain("--purpose");
  const blank = await letterCommand("show", "former-0", "2", "--purpose", " ");
  expect(blank).toMatchObject({ code: 2, stdout: "" });
  const shown = await letterCommand("show", "former-0", "2", "--purpose", "why it was refused");
  expect(shown, shown.stderr).toMatchObject({ code: 0 });
  expect(shown.stdout).toContain("person-1");
  expect(shown.stdout).toContain(String.raw`a\u{1b}[2J`);

  const long = await letterCommand(
    "discard",
    "--spool",
    "former-0",
    "--yes",
    "--reason",
    "x".repeat(501),
  );
  expect(long).toMatchObject({ code: 1, stderr: expect.stringContaining("not valid") });
  const unsure = await letterCommand("discard", "--spool", "former-0", "--reason", "tests");
  expect(unsure).toMatchObject({ code: 2, stderr: expect.stringContaining("--yes") });
  const unreasoned = await letterCommand("discard", "--spool", "former-0", "--yes");
  expect(unreasoned).toMatchObject({ code: 2, stderr: expect.stringContaining("--reason") });

  const one = ["--spool", "former-0", "--sequence", "1"];
  const discarded = await letterCommand(
    "discard",
    ...one,
    "--reason",
    "of a test client",
    "--yes",
    "--json",
  );
  expect(JSON.parse(discarded.stdout)).toMatchObject({ discarded: 1 });
  const retried = await letterCommand("retry", "--json");
  expect(JSON.parse(retried.stdout)).toEqual({ retried: 2, alreadyThere: 0, refused: 0 });
  const again = await letterCommand("retry", "--json");
  expect(JSON.parse(again.stdout)).toEqual({ retried: 0, alreadyThere: 0, refused: 0 });
  expect(readdirSync(letters)).toEqual([expect.stringMatching(/^former-0\.discarded-.*\.ndjson$/)]);
}

/** What is left of it once no Weir runs. @returns the ids of the calls, and what the audit says. */
async function expectOnRecord(actor: string) {
  const dataDir = join(scratch, "data");
  expect(await run("ledger", "ship")).toMatchObject({ code: 0 });
  const { admin, accesses } = await readAdminTables(dataDir);
  expect(accesses).toMatchObject([
    {
      actor,
      person_id: "person-1",
      resource: "ledger.dead-letters",
      purpose: "why it was refused",
    },
  ]);
  const discards = admin.filter((row) => row["action"] === "dead_letters.discard");
  expect(discards).toMatchObject([{ actor, entity_id: "former-0" }]);
  expect(discards[0]?.["after"]).toContain("of a test client");
  const { calls } = await readLedger(dataDir);
  return { calls: calls.map((row) => row["id"]), audited: await run("audit", "verify") };
}

test("dead letters are listed, shown on record, discarded and retried while no Weir runs", async () => {
  await (await startWeir({ dataDir: join(scratch, "data"), config })).stop();
  leaveLetters();
  await workOnLetters();
  const { calls, audited } = await expectOnRecord("command-line");
  expect(calls).toEqual(["call-2", "call-3"]);
  expect(audited, audited.stderr).toMatchObject({ code: 0 });
}, 240_000);

test("dead letters are listed, shown on record, discarded and retried by a Weir that runs", async () => {
  const weir = await startWeir({ dataDir: join(scratch, "data"), config });
  try {
    leaveLetters();
    await workOnLetters();
  } finally {
    await weir.stop();
  }
  const { calls, audited } = await expectOnRecord("person:ada");
  expect(calls).toEqual(["call-2", "call-3"]);
  expect(audited, audited.stderr).toMatchObject({ code: 0 });
}, 240_000);
