import { expect, test } from "vitest";
import { editMembers, type JsonObject } from "../json-body.ts";
import { describeResponse } from "./describe.ts";
import { stripResponseTools } from "./strip-tools.ts";

const fn = (name: string): JsonObject => ({ type: "function", name });
const gateway = { type: "namespace", name: "mcp__gw", tools: [fn("echo"), fn("drop")] };
const additional = (...tools: JsonObject[]): JsonObject => ({
  type: "additional_tools",
  role: "developer",
  tools,
});

function stripped(body: JsonObject, ...names: string[]): JsonObject {
  const edits = stripResponseTools(body, new Set(names));
  return JSON.parse(editMembers(Buffer.from(JSON.stringify(body)), edits).toString());
}

test("takes one tool out of a namespace and leaves the others", () => {
  expect(stripped({ tools: [gateway, fn("a")] }, "mcp__gw.drop")).toEqual({
    tools: [{ ...gateway, tools: [fn("echo")] }, fn("a")],
  });
});

test("takes a namespace away with its last tool, and the choice with the last tool of all", () => {
  const body = { tools: [gateway], tool_choice: "auto", parallel_tool_calls: true };
  expect(stripped(body, "mcp__gw.drop", "mcp__gw.echo")).toEqual({});
});

test("reaches tools in items of the input, and leaves the items around them", () => {
  const user = { role: "user", content: "hi" };
  const body = { input: [additional(gateway, { type: "shell" }), user], tool_choice: "auto" };
  expect(stripped(body, "shell", "mcp__gw.drop")).toEqual({
    input: [additional({ ...gateway, tools: [fn("echo")] }), user],
    tool_choice: "auto",
  });
  expect(stripped(body, "shell", "mcp__gw.drop", "mcp__gw.echo")).toEqual({ input: [user] });
});

test("leaves the answer of a tool search in place, without the tools", () => {
  const found = { type: "tool_search_output", call_id: "1", tools: [fn("a")] };
  expect(stripped({ input: [found] }, "a")).toEqual({ input: [{ ...found, tools: [] }] });
});

test("takes hosted tools, servers and stored prompts out by the names that policy saw", () => {
  const body = {
    tools: [
      { type: "web_search_preview" },
      { type: "mcp", server_label: "wiki", server_url: "https://evil.example/mcp" },
      fn("kept"),
    ],
    prompt: { id: "pmpt_1" },
    input: "hi",
  };
  const left = stripped(body, "web_search", "mcp:evil.example", "prompt:pmpt_1");
  expect(left).toEqual({ tools: [fn("kept")], input: "hi" });
});

test("drops a choice of a tool that is gone, and keeps any other", () => {
  const tools = [fn("a"), fn("b")];
  const choose = (choice: JsonObject) => stripped({ tools, tool_choice: choice }, "a");
  expect(choose(fn("a"))).toEqual({ tools: [fn("b")] });
  expect(choose(fn("b"))).toEqual({ tools: [fn("b")], tool_choice: fn("b") });
  const allowed = { type: "allowed_tools", mode: "auto", tools: [fn("a"), fn("b")] };
  expect(choose(allowed)).toEqual({ tools: [fn("b")] });
});

test("edits nothing where nothing is stripped", () => {
  const body = { tools: [gateway], input: [additional(fn("a"))], tool_choice: "auto" };
  expect(stripResponseTools(body, new Set(["other"]))).toEqual([]);
  expect(stripResponseTools({ input: "hi" }, new Set(["a"]))).toEqual([]);
});

test("whatever policy saw can be stripped: nothing of it is left to see", () => {
  const body = {
    model: "m",
    input: [additional(gateway, { type: "custom", name: "exec" })],
    tools: [
      { type: "namespace", name: "empty", tools: [] },
      { type: "computer_use_preview" },
      fn("a"),
    ],
    prompt: { id: "p" },
  };
  const { toolNames } = describeResponse(body);
  expect(toolNames).toHaveLength(7);
  expect(describeResponse(stripped(body, ...toolNames)).toolNames).toEqual([]);
});
