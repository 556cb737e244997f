import { expect, onTestFinished, test } from "vitest";
import { createStoreFixture } from "../control/testing/control-fixture.ts";
import { testsUsePostgres } from "../control/testing/test-store.ts";
import type { Host } from "./host.ts";
import { runCommandLine } from "./program.ts";

async function createRunner() {
  const fixture = await createStoreFixture();
  onTestFinished(() => fixture[Symbol.asyncDispose]());
  return async (...args: string[]) => {
    const written = { stdout: "", stderr: "" };
    const host: Host = {
      env: testsUsePostgres() ? { WEIR_DATABASE_URL: fixture.target } : {},
      cwd: fixture.directory,
      stdout: { write: (text) => (written.stdout += text) },
      stderr: { write: (text) => (written.stderr += text) },
      exitCode: 0,
    };
    await runCommandLine(["key", ...args, "--data-dir", fixture.directory], host);
    return { ...written, code: host.exitCode };
  };
}

test("a key is made with errors as denials unless soft ones are asked for; the list tells them apart", async () => {
  const run = await createRunner();
  const plain = await run("create", "--person", "bob", "--name", "plain", "--json");
  const soft = ["create", "--person", "bob", "--name", "claw", "--denial-style", "soft", "--json"];
  expect(JSON.parse(plain.stdout)).toMatchObject({ denialStyle: "error" });
  expect(JSON.parse((await run(...soft)).stdout)).toMatchObject({ denialStyle: "soft" });
  const lines = (await run("list", "--person", "bob")).stdout.trimEnd().split("\n");
  expect(lines.find((line) => line.endsWith("claw"))).toContain("soft denials");
  expect(lines.find((line) => line.endsWith("plain"))).not.toContain("soft");
  expect(JSON.parse((await run("list", "--json")).stdout)).toContainEqual(
    expect.objectContaining({ name: "claw", denialStyle: "soft" }),
  );
});

test("help says for which clients soft denials are", async () => {
  const run = await createRunner();
  const { stdout } = await run("create", "--help");
  expect(stdout).toMatch(/--denial-style/);
  expect(stdout).toMatch(/OpenClaw, which disable a key/);
});

test("a denial style that there is not is a usage error that names the two", async () => {
  const run = await createRunner();
  const { stderr, code } = await run("create", "--denial-style", "loud");
  expect(code).toBe(2);
  expect(stderr).toMatch(/error, soft/);
});

test("a key is narrowed to scopes and models, and the list says so", async () => {
  const run = await createRunner();
  const options = ["--scope", "llm:call", "--scope", "models:list", "--model", "sim-*"];
  const made = await run("create", "--person", "bob", "--name", "ci", ...options, "--json");
  expect(JSON.parse(made.stdout)).toMatchObject({
    scopes: ["llm:call", "models:list"],
    models: ["sim-*"],
  });
  const { stdout } = await run("list", "--person", "bob");
  expect(stdout).toContain("unused  scopes llm:call,models:list  models sim-*");
  const { stderr, code } = await run("create", "--scope", "everything");
  expect(code).toBe(2);
  expect(stderr).toMatch(/llm:call, models:list, files:use, passthrough:call/);
});

test("rotating prints the new key alone, and says when the old one ends", async () => {
  const run = await createRunner();
  const made = await run("create", "--person", "bob", "--name", "ci", "--json");
  const { id }: { id: string } = JSON.parse(made.stdout);
  const { stdout, stderr } = await run("rotate", id, "--overlap", "90m");
  expect(stdout).toMatch(/^weir_[0-9A-Za-z]{49}\n$/);
  expect(stderr).toMatch(new RegExp(`the old key ${id} ends at \\d{4}-.*; the new one is`));
  const again = await run("rotate", id);
  expect(again.stderr).toContain("was rotated already");
  expect(again.code).not.toBe(0);
});

test.each(["-1", "1", "1w", "31d", "1.5h", ""])(
  "an overlap of %j is a usage error",
  async (time) => {
    const run = await createRunner();
    const { stderr, code } = await run("rotate", "an-id", `--overlap=${time}`);
    expect(code).toBe(2);
    expect(stderr).toMatch(/30m, 24h or 7d/);
  },
);

test("revoking a key that was rotated says which of its line is still live", async () => {
  const run = await createRunner();
  const made = await run("create", "--person", "bob", "--name", "ci", "--json");
  const { id }: { id: string } = JSON.parse(made.stdout);
  const rotated = await run("rotate", id, "--overlap", "0", "--json");
  const successor: { id: string } = JSON.parse(rotated.stdout);
  const { stdout, stderr } = await run("revoke", id);
  expect(stdout).toContain(`revoked ${id}`);
  expect(stderr).toContain(`weir key revoke ${successor.id}`);
  expect((await run("revoke", successor.id)).stderr).toBe("");
});

test("attack: a key's name is neither another line of the list nor a command to the terminal", async () => {
  const run = await createRunner();
  const name = "ci\n0190c0de  weir_fake…  live\u001b[2J\u202e";
  const made = await run("create", "--person", "bob", "--name", name, "--json");
  const { stdout } = await run("list", "--person", "bob");
  expect(stdout.split("\n")).toHaveLength(2);
  expect(stdout).toContain(String.raw`ci\u{a}0190c0de  weir_fake…  live\u{1b}[2J\u{202e}`);
  const revoked = await run("revoke", JSON.parse(made.stdout).id);
  expect(revoked.stdout.split("\n")).toHaveLength(2);
  const missing = await run("revoke", "x\u001b[2J");
  expect(missing.stderr).toContain(String.raw`x\u{1b}[2J`);
});
