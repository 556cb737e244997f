import { describe, expect, test } from "vitest";
import type { JsonObject } from "../json-body.ts";
import { describeResponse } from "./describe.ts";
import { encryptedStateId } from "./state-ids.ts";

const base = { model: "m", input: "hi" };
const fn = (name: string): JsonObject => ({ type: "function", name, parameters: {} });
const namespace = (name: string, ...tools: JsonObject[]): JsonObject => ({
  type: "namespace",
  name,
  description: "",
  tools,
});
const names = (tools: JsonObject[], more: JsonObject = {}) =>
  describeResponse({ ...base, tools, ...more }).toolNames;

test("tells model, stream, cap and whom the call is for", () => {
  expect(
    describeResponse({
      ...base,
      stream: true,
      max_output_tokens: 7,
      safety_identifier: "s",
      user: "u",
    }),
  ).toEqual({
    model: "m",
    stream: true,
    toolNames: [],
    maxTokens: 7,
    messageCount: 1,
    toolResultCount: 0,
    stateIds: [],
    assertedUserId: "s",
    auxiliary: false,
  });
});

describe("tools", () => {
  test("of the client go by their names, those of a namespace by both names", () => {
    const tools = [
      fn("exec_command"),
      { type: "custom", name: "exec", format: { type: "text" } },
      namespace("mcp__gw", fn("echo"), { type: "custom", name: "free" }),
      namespace("empty"),
    ];
    expect(names(tools)).toEqual(["exec_command", "exec", "mcp__gw.echo", "mcp__gw.free", "empty"]);
  });

  test.each([
    ["web_search", "web_search"],
    ["web_search_2025_08_26", "web_search"],
    ["web_search_preview", "web_search"],
    ["web_search_preview_2025_03_11", "web_search"],
    ["computer_use_preview", "computer_use"],
    ["computer", "computer"],
    ["file_search", "file_search"],
    ["code_interpreter", "code_interpreter"],
    ["image_generation", "image_generation"],
    ["local_shell", "local_shell"],
    ["shell", "shell"],
    ["apply_patch", "apply_patch"],
    ["tool_search", "tool_search"],
    ["something_new", "something_new"],
  ])("that the provider hosts go by their type: %s is %s", (type, name) => {
    expect(names([{ type }])).toEqual([name]);
  });

  test("of a server that the provider calls go by its label and by where it really is", () => {
    const server = { type: "mcp", server_label: "wiki" };
    expect(names([{ ...server, server_url: "https://evil.example:8443/mcp?token=x" }])).toEqual([
      "mcp:wiki",
      "mcp:evil.example:8443",
    ]);
    expect(names([{ ...server, connector_id: "connector_gmail" }])).toEqual([
      "mcp:wiki",
      "mcp:connector_gmail",
    ]);
    expect(names([server])).toEqual(["mcp:wiki"]);
  });

  test("attack: in items of the input are found as well, as Codex sends them", () => {
    const hidden = {
      type: "additional_tools",
      role: "developer",
      tools: [
        namespace("functions", { type: "custom", name: "exec" }),
        fn("now"),
        { type: "shell" },
      ],
    };
    const found = { type: "tool_search_output", tools: [namespace("crm", fn("drop"))] };
    const future = { type: "tools_of_tomorrow", tools: [fn("new")] };
    expect(describeResponse({ model: "m", input: [hidden, found, future] }).toolNames).toEqual([
      "functions.exec",
      "now",
      "shell",
      "crm.drop",
      "new",
    ]);
  });

  test("listed by a server earlier are not offered by that", () => {
    const listing = { type: "mcp_list_tools", server_label: "wiki", tools: [{ name: "read" }] };
    expect(describeResponse({ model: "m", input: [listing] }).toolNames).toEqual([]);
  });

  test.each([
    [{ type: "web_search", name: "ok" }, ["ok", "web_search"]],
    [{ type: "function", name: "bad", tools: [fn("ok")] }, ["bad", "bad.ok"]],
    [{ name: "ok", function: { name: "bad" } }, ["ok", "bad"]],
    [namespace("a", namespace("b", fn("c"))), ["a.b.c"]],
  ])("attack: another name in a tool does not hide the first: %j", (tool, expected) => {
    expect(names([tool])).toEqual(expected);
  });

  test("attack: a stored prompt, which may bring tools of its own, is named", () => {
    expect(names([], { prompt: { id: "pmpt_1", version: "2" } })).toEqual(["prompt:pmpt_1"]);
  });
});

describe("state at one provider", () => {
  test("is named by the response, the conversation, references and reasoning, the newest first", () => {
    const { stateIds } = describeResponse({
      model: "m",
      previous_response_id: "resp_1",
      conversation: { id: "conv_1" },
      input: [
        { role: "user", content: "x", id: "msg_9" },
        { type: "reasoning", id: "rs_1", encrypted_content: "secret" },
        { type: "item_reference", id: "ref_1" },
        { id: "ref_2" },
        { type: "reasoning", encrypted_content: "nameless" },
        { type: "reasoning", id: "rs_2", summary: [] },
        { type: "compaction", id: "cmp_1", encrypted_content: "short" },
      ],
    });
    expect(stateIds).toEqual([
      "resp_1",
      "conv_1",
      "cmp_1",
      encryptedStateId("short"),
      encryptedStateId("nameless"),
      "ref_2",
      "ref_1",
      "rs_1",
      encryptedStateId("secret"),
    ]);
  });

  test("is bounded, however much a request names", () => {
    const input = Array.from({ length: 1_000 }, (_, index) => ({
      type: "item_reference",
      id: `ref_${index}`,
    }));
    const { stateIds } = describeResponse({ model: "m", input, conversation: "conv_1" });
    expect(stateIds).toHaveLength(64);
    expect(stateIds.slice(0, 2)).toEqual(["conv_1", "ref_999"]);
  });
});

test("counts messages and results of tools", () => {
  const input = [
    { role: "user", content: "x" },
    { type: "message", role: "developer", content: [] },
    { type: "function_call", call_id: "1", name: "a", arguments: "{}" },
    { type: "function_call_output", call_id: "1", output: "" },
    { type: "custom_tool_call_output", call_id: "2", output: "" },
    { type: "local_shell_call_output", id: "3", output: "" },
  ];
  expect(describeResponse({ model: "m", input })).toMatchObject({
    messageCount: 2,
    toolResultCount: 3,
  });
});

test.each([
  ["generate: false", { generate: false }, true],
  ["prewarm", { prompt_cache_options: { prewarm: true } }, true],
  ["generate: true", { generate: true }, false],
  ["no prewarm", { prompt_cache_options: { prewarm: false } }, false],
])("a call that only warms the cache is not the person's work: %s", (_what, more, auxiliary) => {
  expect(describeResponse({ ...base, ...more }).auxiliary).toBe(auxiliary);
});

test.each([
  ["no model", { input: "hi" }],
  ["an input of another type", { model: "m", input: 7 }],
  ["an input with a text in the list", { model: "m", input: ["hi"] }],
  ["tools that are no list", { ...base, tools: "none" }],
  ["a tool without a name", { ...base, tools: [{ type: "function" }] }],
  ["a namespace with a nameless tool", { ...base, tools: [namespace("a", { type: "custom" })] }],
  [
    "tools of an item that are no list",
    { model: "m", input: [{ type: "additional_tools", tools: {} }] },
  ],
  ["a server without a label", { ...base, tools: [{ type: "mcp", server_url: "https://a" }] }],
  ["a server nowhere", { ...base, tools: [{ type: "mcp", server_label: "a", server_url: "??" }] }],
  ["a prompt without an id", { ...base, prompt: {} }],
  ["a cap that is no number", { ...base, max_output_tokens: "9" }],
  [
    "too many tools in one namespace",
    { ...base, tools: [namespace("a", ...Array.from({ length: 1001 }, () => fn("b")))] },
  ],
])("refuses %s", (_what, body) => {
  expect(() => describeResponse(body)).toThrow(
    expect.objectContaining({ code: "WEIR_FIELD_INVALID", message: expect.stringMatching(/^'/) }),
  );
});

test("attack: namespaces nested without end are refused, not followed", () => {
  let tool = fn("deep");
  for (let depth = 0; depth < 10_000; depth += 1) tool = namespace("n", tool);
  expect(() => names([tool])).toThrow(expect.objectContaining({ code: "WEIR_FIELD_INVALID" }));
});
