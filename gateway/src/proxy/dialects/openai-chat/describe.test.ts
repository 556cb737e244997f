import { expect, test } from "vitest";
import { callFacts } from "../call-facts.ts";
import { editMembers, isJsonObject, type JsonObject } from "../json-body.ts";
import { describeChat } from "./describe.ts";
import { capSharedTokens } from "../openai/cap-tokens.ts";
import { usageEdits } from "../openai/usage-edits.ts";
import { stripChatTools } from "./strip-tools.ts";

const capChatTokens = (body: JsonObject, maxTokens: number) =>
  capSharedTokens(body, maxTokens, ["max_completion_tokens", "max_tokens"]);

function edited(body: JsonObject, edits: ReturnType<typeof capChatTokens>): unknown {
  return JSON.parse(editMembers(Buffer.from(JSON.stringify(body)), edits).toString());
}

const tool = (name: string) => ({ type: "function", function: { name, parameters: {} } });

test("tells policy every tool, in whatever form it is offered", () => {
  const facts = describeChat({
    model: "m",
    messages: [{ role: "user" }, { role: "tool" }],
    tools: [tool("read"), { type: "custom", custom: { name: "exec" } }, { type: "web_search" }],
    functions: [{ name: "old" }],
    web_search_options: {},
    max_tokens: 5,
    max_completion_tokens: 9,
    user: "u-1",
  });
  expect(facts).toEqual({
    ...callFacts(),
    model: "m",
    toolNames: ["read", "exec", "web_search", "old", "web_search"],
    maxTokens: 9,
    messageCount: 2,
    toolResultCount: 1,
    assertedUserId: "u-1",
  });
});

test.each([
  [{ type: "custom", function: { name: "ok" }, custom: { name: "bad" } }, ["ok", "bad"]],
  [{ type: "web_search", name: "ok" }, ["ok", "web_search"]],
  [{ type: "builtin_function", function: { name: "$web" } }, ["$web", "builtin_function"]],
])("attack: a second name in a tool does not hide the first: %j", (entry, toolNames) => {
  expect(describeChat({ model: "m", tools: [entry] }).toolNames).toEqual(toolNames);
  const body = { tools: [entry, tool("kept")] };
  for (const name of toolNames) {
    expect(edited(body, stripChatTools(body, new Set([name])))).toEqual({ tools: [tool("kept")] });
  }
});

test.each([
  ["nothing", {}],
  ["a model that is no text", { model: 7 }],
  ["an empty model", { model: "" }],
  ["a stream flag that is no flag", { model: "m", stream: "true" }],
  ["tools that are no list", { model: "m", tools: {} }],
  ["a tool without a name", { model: "m", tools: [{ function: {} }] }],
  ["a tool whose name is no text", { model: "m", tools: [{ function: { name: 1 } }] }],
  ["a fraction of a token", { model: "m", max_tokens: 1.5 }],
  ["a cap that is no number", { model: "m", max_tokens: "5" }],
  ["a number of answers that is no number", { model: "m", n: "2" }],
  ["messages that are no list", { model: "m", messages: "hi" }],
  ["a tool with an overlong name", { model: "m", tools: [tool("x".repeat(257))] }],
  ["too many tools", { model: "m", tools: Array.from({ length: 1001 }, () => tool("a")) }],
])("refuses %s with the member's name", (_what, body) => {
  expect(() => describeChat(body)).toThrow(
    expect.objectContaining({ code: "WEIR_FIELD_INVALID", message: expect.stringMatching(/^'/) }),
  );
});

test("attack: several answers for one request are within a cap only all together", () => {
  expect(describeChat({ model: "m", n: 4, max_tokens: 100 }).maxTokens).toBe(400);
  expect(describeChat({ model: "m", n: 4 }).maxTokens).toBeNull();
  const huge = { model: "m", n: Number.MAX_SAFE_INTEGER, max_tokens: Number.MAX_SAFE_INTEGER };
  expect(describeChat(huge).maxTokens).toBe(Number.MAX_SAFE_INTEGER);
  const capped = (body: JsonObject) => edited(body, capChatTokens(body, 10));
  expect(capped({ n: 4, max_tokens: 100 })).toEqual({ n: 4, max_tokens: 2 });
  expect(capped({ n: 4 })).toEqual({ n: 4, max_completion_tokens: 2 });
  expect(capped({ n: 128, max_tokens: 1 })).toEqual({ n: 10, max_tokens: 1 });
  expect(capped({ n: 2, best_of: 20 })).toEqual({ n: 2, best_of: 10, max_completion_tokens: 1 });
  expect(capped({ n: 2, max_completion_tokens: 5 })).toEqual({ n: 2, max_completion_tokens: 5 });
});

test("caps output tokens in the member that asks for more, and adds a cap where there is none", () => {
  expect(edited({ max_tokens: 50 }, capChatTokens({ max_tokens: 50 }, 10))).toEqual({
    max_tokens: 10,
  });
  expect(capChatTokens({ max_completion_tokens: 10 }, 10)).toEqual([]);
  expect(edited({ model: "m" }, capChatTokens({ model: "m" }, 10))).toEqual({
    model: "m",
    max_completion_tokens: 10,
  });
});

test("strips tools, and the choice among them once none is left", () => {
  const body = { tools: [tool("a"), tool("b")], tool_choice: "auto", functions: [{ name: "a" }] };
  const one = edited(body, stripChatTools(body, new Set(["a"])));
  expect(one).toEqual({ tools: [tool("b")], tool_choice: "auto" });
  expect(edited(body, stripChatTools(body, new Set(["a", "b"])))).toEqual({});
});

test("drops a choice of a tool that has been stripped, and keeps one of another", () => {
  const tools = [tool("a"), tool("b")];
  const stripped = (choice: JsonObject) => {
    const body = { tools, tool_choice: choice };
    return edited(body, stripChatTools(body, new Set(["a"])));
  };
  const named = (name: string) => ({ type: "function", function: { name } });
  expect(stripped(named("a"))).toEqual({ tools: [tool("b")] });
  expect(stripped(named("b"))).toEqual({ tools: [tool("b")], tool_choice: named("b") });
  const allowed = { type: "allowed_tools", allowed_tools: { mode: "auto", tools: [named("a")] } };
  expect(stripped(allowed)).toEqual({ tools: [tool("b")] });
});

test("asks for usage on streams only, keeping the client's other stream options", () => {
  expect(usageEdits({ stream: false })).toEqual({ edits: [], stripUsageFrame: false });
  const given = { stream: true, stream_options: { include_usage: true } };
  expect(usageEdits(given)).toEqual({ edits: [], stripUsageFrame: false });
  const body = { stream: true, stream_options: { include_obfuscation: false } };
  const { edits, stripUsageFrame } = usageEdits(body);
  expect(stripUsageFrame).toBe(true);
  expect(isJsonObject(edited(body, edits)) && edited(body, edits)).toMatchObject({
    stream_options: { include_obfuscation: false, include_usage: true },
  });
});
