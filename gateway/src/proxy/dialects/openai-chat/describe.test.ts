import { expect, test } from "vitest";
import { editMembers, isJsonObject, type JsonObject } from "../json-body.ts";
import { describeChat } from "./describe.ts";
import { capChatTokens, stripChatTools, usageEdits } from "./edits.ts";

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
  });
  expect(facts).toEqual({
    model: "m",
    stream: false,
    toolNames: ["read", "exec", "web_search", "old", "web_search"],
    maxTokens: 9,
    messageCount: 2,
    toolResultCount: 1,
  });
});

test.each([
  [{}],
  [{ model: 7 }],
  [{ model: "" }],
  [{ model: "m", stream: "true" }],
  [{ model: "m", tools: {} }],
  [{ model: "m", tools: [{ function: {} }] }],
  [{ model: "m", max_tokens: 1.5 }],
  [{ model: "m", max_tokens: "5" }],
  [{ model: "m", messages: "hi" }],
  [{ model: "m", tools: [tool("x".repeat(257))] }],
  [{ model: "m", tools: Array.from({ length: 1001 }, () => tool("a")) }],
])("refuses %j with the member's name", (body) => {
  expect(() => describeChat(body)).toThrow(
    expect.objectContaining({ code: "WEIR_FIELD_INVALID", message: expect.stringMatching(/^'/) }),
  );
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
