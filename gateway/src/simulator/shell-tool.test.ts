import { describe, expect, it } from "vitest";
import { answerTo } from "./answer.ts";
import { readMessages } from "./anthropic/read.ts";
import { shellArguments, shellCommand } from "./shell-tool.ts";

const text = { type: "string" };
const tool = (name: string, properties: object, required: readonly string[]) => ({
  name,
  input_schema: { type: "object", properties, required },
});

function callsOf(model: string, tools: readonly object[], more: readonly object[] = []) {
  const messages = [{ role: "user", content: "say hi" }, ...more];
  const request = readMessages({
    json: { model, max_tokens: 1000, messages, tools },
    sha256: "0".repeat(64),
  });
  return answerTo(request).blocks.flatMap((block) =>
    block.kind === "tool" ? [{ name: block.name, input: JSON.parse(block.pieces.join("")) }] : [],
  );
}

describe("a model of the word shell", () => {
  const read = tool("Read", { path: text }, ["path"]);

  it.each([
    ["Bash", "command"],
    ["bash", "command"],
    ["exec", "command"],
    ["exec_command", "cmd"],
    ["run_shell_command", "command"],
  ])("has the client run a command by its tool %s, wherever it stands", (name, parameter) => {
    const shell = tool(name, { [parameter]: text, description: text }, ["description"]);
    expect(callsOf("sim-shell", [read, shell])).toEqual([
      { name, input: { description: "simulator", [parameter]: shellCommand } },
    ]);
  });

  it("calls nothing when no shell is offered, or when it has the result", () => {
    expect(callsOf("sim-shell", [read])).toEqual([]);
    const shell = tool("Bash", { command: text }, ["command"]);
    const result = { type: "tool_result", tool_use_id: "t", content: "weir-shell-42" };
    const told = [{ role: "user", content: [result] }];
    expect(callsOf("sim-shell", [shell], told)).toEqual([]);
  });
});

describe("shellArguments", () => {
  it("fits a shell tool that takes no command as any other tool", () => {
    const schema = { type: "object", properties: { script: text }, required: ["script"] };
    expect(shellArguments(schema)).toEqual({ script: "simulator" });
  });

  it("prints what the command itself does not contain", () => {
    expect(shellCommand).not.toContain("weir-shell-42");
  });
});
