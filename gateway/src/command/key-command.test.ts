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
