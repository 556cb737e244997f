import { expect, test } from "vitest";
import { loadConfig } from "../config/load-config.ts";
import { humanOutput, jsonOutput } from "./output.ts";

const ready = {
  gateway: "http://127.0.0.1:1",
  console: "http://127.0.0.1:2",
  metrics: "http://127.0.0.1:3",
  key: "weir_example",
  login: "http://127.0.0.1:2/login?token=t",
  simulator: true,
};

function sinks() {
  const written = { stdout: "", stderr: "" };
  return {
    written,
    stdout: { write: (text: string) => (written.stdout += text) },
    stderr: { write: (text: string) => (written.stderr += text) },
  };
}

test("for programs, logs go to standard error until ready, then to standard output", () => {
  const { written, stdout, stderr } = sinks();
  const output = jsonOutput(stdout, stderr);
  output.log('{"msg":"before"}');
  output.ready(ready);
  output.log('{"msg":"after"}');
  output.log("a library wrote this");
  expect(written.stderr).toBe('{"msg":"before"}\n');
  const [first, second, third] = written.stdout.trimEnd().split("\n");
  const { simulator: _, ...told } = ready;
  expect(JSON.parse(first ?? "")).toEqual({ event: "ready", ...told });
  expect(second).toBe('{"msg":"after"}');
  expect(JSON.parse(third ?? "")).toMatchObject({ msg: "a library wrote this" });
});

test("for people, only what needs attention is printed, in words", () => {
  const { written, stdout, stderr } = sinks();
  const config = loadConfig({ env: {}, flags: {}, cwd: "/nonexistent" });
  const output = humanOutput(stdout, stderr, { config, version: "1.2.3", isVerbose: false });
  output.log('{"level":30,"time":0,"msg":"quiet"}');
  output.log('{"level":50,"time":0,"process":"proxy-0","msg":"it broke","err":{"message":"why"}}');
  output.ready(ready);
  expect(written.stderr).toMatch(/^\d\d:\d\d:\d\d {2}proxy-0 {2}error {2}it broke {2}\(why\)\n$/);
  expect(written.stdout).toContain("Weir 1.2.3 is ready");
  expect(written.stdout).toContain("curl http://127.0.0.1:1/v1/chat/completions");
  expect(written.stdout).toContain("simulator answers");
});
