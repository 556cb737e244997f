import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { stringify } from "yaml";
import { runCommand } from "../support/run-command.ts";
import { startWeir } from "../support/start-weir.ts";

let scratch: string;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), "weir-content-"));
});

afterEach(() => {
  rmSync(scratch, { recursive: true, force: true });
});

const run = (...args: string[]) => runCommand(args);

function makeIdentity(name: string) {
  const file = join(scratch, name);
  return run("content", "keygen", "--output", file).then(({ stdout }) => ({
    file,
    recipient: stdout.trim(),
  }));
}

const question = "What is the password of the vault that nobody may know?";

async function filesWith(directory: string, needle: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const bytes = await readFile(path).catch(() => Buffer.alloc(0));
    if (bytes.includes(needle)) found.push(path);
  }
  return found;
}

test("prompts and answers are kept sealed, opened by the identity alone, and each look is seen", async () => {
  const [mine, other] = [await makeIdentity("mine.txt"), await makeIdentity("other.txt")];
  const dataDir = join(scratch, "data");
  const config = { ledger: { content: { recipients: [mine.recipient] }, shipIntervalMs: 50 } };
  const configFile = join(scratch, "weir.yaml");
  writeFileSync(configFile, stringify(config));
  const at = ["--config", configFile, "--data-dir", dataDir];
  const show = (id: string, identity: string) =>
    run("content", "show", id, "--identity", identity, "--purpose", "incident 42", ...at);
  const weir = await startWeir({ dataDir, config });
  let callId: string;
  try {
    const response = await fetch(`${weir.gateway}/v1/chat/completions`, {
      method: "POST",
      headers: { authorization: `Bearer ${weir.key}`, "content-type": "application/json" },
      body: JSON.stringify({ model: "sim-echo", messages: [{ role: "user", content: question }] }),
    });
    expect(response.status).toBe(200);
    callId = response.headers.get("x-weir-call-id") ?? "";
    await response.text();
    const shown = await show(callId, mine.file);
    expect(shown, shown.stderr).toMatchObject({ code: 0 });
    expect(shown.stdout).toContain(question);
    expect(shown.stdout.split("--- response")[1]).toContain('"object":"chat.completion"');
    const refused = await show(callId, other.file);
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("does not open it") });
    const unknown = await show("01a00000-0000-7000-8000-000000000000", mine.file);
    expect(unknown.stderr).toContain("Nothing is kept");
  } finally {
    await weir.stop();
  }
  expect(await filesWith(dataDir, question)).toEqual([]);
  const stopped = await show(callId, mine.file);
  expect(stopped, stopped.stderr).toMatchObject({ code: 0 });
  expect(stopped.stdout).toContain(question);
  // Three looks at what there was, one of them in vain; none at what there was not.
  const backed = await run("ledger", "verify", "--json", ...at);
  expect(backed, backed.stderr).toMatchObject({ code: 0 });
  expect(readFileSync(mine.file, "utf8")).toMatch(/^AGE-SECRET-KEY-1/m);
});

test("an identity is never overwritten", async () => {
  const { file } = await makeIdentity("identity.txt");
  const before = readFileSync(file, "utf8");
  const again = await run("content", "keygen", "--output", file);
  expect(again).toMatchObject({ code: 2, stdout: "" });
  expect(readFileSync(file, "utf8")).toBe(before);
});
