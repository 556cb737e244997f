// The example hooks, run as their agents run them.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { describe, expect, test } from "vitest";
import type { ToolGate } from "../govern/tool-gate.ts";
import { StopBook } from "../stop/stop-book.ts";
import { start } from "../testing/serve.ts";
import { testKey } from "../testing/start-test-proxy.ts";
import { gateThat } from "./testing/gate-that.ts";

const examples = join(import.meta.dirname, "..", "..", "..", "..", "docs", "examples");
const stopAll = new StopBook([
  { id: "s", kind: "all", target: "", reason: "incident", setAtMs: 1 },
]);
const never = () => {
  throw new Error("no provider is asked");
};

describe("the hook for Claude Code", () => {
  const input = {
    session_id: "s-9",
    hook_event_name: "PreToolUse",
    tool_name: "mcp__mail__send",
    tool_input: { to: "x" },
  };

  async function run(said: unknown, env: Record<string, string>) {
    const child = spawn(process.execPath, [join(examples, "claude-code", "weir-hook.mjs")], {
      env,
    });
    child.stdin.end(typeof said === "string" ? said : JSON.stringify(said));
    const output = await text(child.stdout);
    const { hookSpecificOutput } = Object(JSON.parse(output));
    return hookSpecificOutput;
  }

  test.each([
    ["allow", "allow", "Weir allows it"],
    ["deny", "deny", "Mail to others needs a yes. Do not try again."],
    ["approve", "deny", "It needs an approval"],
  ] as const)("a decision of %s is %s to Claude Code", async (effect, said, reason) => {
    const { toolGate, asked } = gateThat(effect);
    const { proxy } = await start(never, { toolGate });
    const output = await run(input, { WEIR_URL: proxy.url, WEIR_KEY: testKey });
    expect(output).toMatchObject({ hookEventName: "PreToolUse", permissionDecision: said });
    expect(output.permissionDecisionReason).toContain(reason);
    expect(asked[0]).toMatchObject([{ sessionId: "s-9" }, { server: "mail", name: "send" }]);
  });

  test("it denies when Weir is not there, does not know the key, hangs, or the input is no tool", async () => {
    const hanging: ToolGate = { decide: () => new Promise(() => undefined) };
    const { proxy } = await start(never, { toolGate: gateThat("allow").toolGate });
    const { proxy: slow } = await start(never, { toolGate: hanging });
    const env = { WEIR_URL: proxy.url, WEIR_KEY: testKey };
    for (const [said, settings] of [
      [input, { ...env, WEIR_URL: "http://127.0.0.1:9" }],
      [input, { ...env, WEIR_KEY: "weir_nobody" }],
      [input, { WEIR_URL: proxy.url }],
      [input, { ...env, WEIR_URL: slow.url, WEIR_HOOK_TIMEOUT_MS: "200" }],
      ["{", env],
      [{}, env],
    ] as const)
      expect((await run(said, settings)).permissionDecision).toBe("deny");
    slow.stops.setBook(stopAll);
  });
});

test("the plugin for OpenClaw blocks what Weir does not allow, and everything when it is not there", async () => {
  const { whyNot } = await import(join(examples, "openclaw", "index.mjs"));
  const call = { toolName: "send", params: { to: "x" }, sessionKey: "main" };
  const { proxy } = await start(never, { toolGate: gateThat("allow").toolGate });
  const { proxy: strict } = await start(never, { toolGate: gateThat("deny").toolGate });
  const env = { WEIR_KEY: testKey };
  expect(await whyNot(call, { url: proxy.url }, env)).toBeNull();
  expect(await whyNot(call, { url: strict.url }, env)).toContain("needs a yes");
  expect(await whyNot(call, { url: "http://127.0.0.1:9" }, env)).toContain("nothing runs");
});
