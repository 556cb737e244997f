import { expect, test } from "vitest";
import type { Host } from "./host.ts";
import { runCommandLine } from "./program.ts";

async function run(...args: string[]) {
  const written = { stdout: "", stderr: "" };
  const host: Host = {
    env: {},
    cwd: "/nonexistent",
    stdout: { write: (text) => (written.stdout += text) },
    stderr: { write: (text) => (written.stderr += text) },
    exitCode: 0,
  };
  await runCommandLine(args, host);
  return { ...written, code: host.exitCode };
}

test.each([
  [["start"], "--gateway-port"],
  [["proxy"], "WEIR_CONTROL_URL"],
  [["control"], "WEIR_CONTROL_TOKEN"],
  [["simulator"], "sim-slow-250"],
  [["key", "create"], "--expires-days"],
  [["key", "list"], "--person"],
  [["key", "revoke"], "<id>"],
  [["login-link"], "--person"],
  [["policy", "check"], "--dir"],
  [["policy", "test"], "--coverage"],
  [["policy", "eval"], "--trace"],
  [["prices", "list"], "--all"],
  [["prices", "show"], "<provider>"],
  [["prices", "unpriced"], "--from"],
  [["prices", "recompute"], "--dry-run"],
  [["config", "check"], "--config"],
  [["doctor"], "--offline"],
])("weir %j has help with an example", async (args, expected) => {
  const { stdout, code } = await run(...args, "--help");
  expect(code).toBe(0);
  expect(stdout).toContain(expected);
  expect(stdout).toMatch(/Examples?:\n {2}(\S+ )?weir |\n {2}WEIR_/);
});

test("help lists the exit codes", async () => {
  expect((await run("--help")).stdout).toMatch(/Exit codes:\n {4}0 {2}.*\n {4}1 /);
});

test("an unknown command or option is a usage error with a suggestion", async () => {
  const command = await run("strat");
  expect(command).toMatchObject({ code: 2, stdout: "" });
  expect(command.stderr).toContain("Did you mean start?");
  const option = await run("start", "--gatewayport", "1");
  expect(option.code).toBe(2);
  expect(option.stderr).toContain("--gateway-port");
});

test("an error is a line of cause and a line of remedy, without a stack", async () => {
  const { stderr, code } = await run("key", "list", "--data-dir", "/nonexistent/data");
  expect(code).toBe(1);
  expect(stderr.split("\n")).toEqual([
    "weir: there are no keys yet in /nonexistent/data: no Weir has run there.",
    "      Run `weir start` once, or name another directory with --data-dir.",
    "",
  ]);
});

test("config check prints what is in effect", async () => {
  const { stdout, code } = await run("config", "check", "--json");
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    gateway: { port: 7777 },
    control: { token: "unset" },
  });
});

test("a proxy that runs apart needs the secret that it shares with control", async () => {
  const { stderr, code } = await run("proxy");
  expect(code).toBe(3);
  expect(stderr).toContain("WEIR_CONTROL_TOKEN is not set");
});
