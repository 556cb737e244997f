import { expect, test } from "vitest";
import type { JsonObject } from "../dialects/json-body.ts";
import { png } from "./testing/samples.ts";
import { refusalOf, send } from "./testing/translate.ts";

const toAnthropic = (body: JsonObject, options?: { maxTokens?: number }) =>
  send("chat.completions", "anthropic", body, options);
const refused = (body: JsonObject) => refusalOf("chat.completions", "anthropic", body);
const ask = { role: "user", content: "hi" };

test("a whole conversation arrives with every text, image, file, call and result in its order", async () => {
  const { path, headers, body } = await toAnthropic({
    model: "claude-haiku-4-5",
    max_tokens: 100,
    stop: "END",
    messages: [
      { role: "system", content: "Be brief.", cache_control: { type: "ephemeral", ttl: "1h" } },
      { role: "developer", content: [{ type: "text", text: "Be kind." }] },
      {
        role: "user",
        content: [
          { type: "text", text: "What is this? é 😀" },
          { type: "image_url", image_url: { url: `data:image/png;base64,${png}`, detail: "auto" } },
          { type: "image_url", image_url: { url: "https://images.example/a?x=1" } },
          {
            type: "file",
            file: { filename: "a.pdf", file_data: `data:application/pdf;base64,${png}` },
          },
        ],
      },
      {
        role: "assistant",
        content: "I look.",
        tool_calls: [
          {
            id: "call_1",
            type: "function",
            function: { name: "look", arguments: '{"at":"left"}' },
          },
          { id: "call_2", type: "function", function: { name: "look", arguments: "" } },
        ],
      },
      { role: "tool", tool_call_id: "call_2", content: "second" },
      { role: "tool", tool_call_id: "call_1", content: [{ type: "text", text: "first" }] },
      { role: "user", content: "So?" },
    ],
    tools: [
      {
        type: "function",
        function: {
          name: "look",
          description: "Looks.",
          parameters: { type: "object", properties: { at: { type: "string" } } },
        },
      },
    ],
    tool_choice: { type: "function", function: { name: "look" } },
    parallel_tool_calls: false,
    user: "u-1",
  });
  expect(path).toBe("/v1/messages");
  expect(headers).toMatchObject({
    "content-type": "application/json",
    "anthropic-version": "2023-06-01",
  });
  expect(Object.keys(headers)).not.toContain("x-api-key");
  expect(body).toEqual({
    model: "claude-haiku-4-5",
    max_tokens: 100,
    stop_sequences: ["END"],
    metadata: { user_id: "u-1" },
    system: [
      { type: "text", text: "Be brief.", cache_control: { type: "ephemeral", ttl: "1h" } },
      { type: "text", text: "Be kind." },
    ],
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: "What is this? é 😀" },
          { type: "image", source: { type: "base64", media_type: "image/png", data: png } },
          { type: "image", source: { type: "url", url: "https://images.example/a?x=1" } },
          {
            type: "document",
            source: { type: "base64", media_type: "application/pdf", data: png },
            title: "a.pdf",
          },
        ],
      },
      {
        role: "assistant",
        content: [
          { type: "text", text: "I look." },
          { type: "tool_use", id: "call_1", name: "look", input: { at: "left" } },
          { type: "tool_use", id: "call_2", name: "look", input: {} },
        ],
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "call_2", content: "second" },
          { type: "tool_result", tool_use_id: "call_1", content: "first" },
          { type: "text", text: "So?" },
        ],
      },
    ],
    tools: [
      {
        name: "look",
        description: "Looks.",
        input_schema: { type: "object", properties: { at: { type: "string" } } },
      },
    ],
    tool_choice: { type: "tool", name: "look", disable_parallel_tool_use: true },
  });
});

test("signed thoughts come back to Anthropic as it gave them", async () => {
  const { body } = await toAnthropic({
    model: "claude-sonnet-4-5",
    messages: [
      ask,
      {
        role: "assistant",
        content: "hello",
        reasoning_content: "Let me see.",
        reasoning_details: [
          {
            type: "reasoning.text",
            text: "Let me see.",
            signature: "sig/=",
            format: "anthropic-claude-v1",
            index: 0,
          },
          { type: "reasoning.encrypted", data: "xyz", format: "anthropic-claude-v1", index: 1 },
        ],
      },
      ask,
    ],
  });
  expect(body["messages"]).toMatchObject([
    {},
    {
      content: [
        { type: "thinking", thinking: "Let me see.", signature: "sig/=" },
        { type: "redacted_thinking", data: "xyz" },
        { type: "text", text: "hello" },
      ],
    },
    {},
  ]);
});

test("a JSON schema goes as native structured output, or as a forced tool where there is none", async () => {
  const schema = {
    type: "object",
    properties: { a: { type: "integer" } },
    required: ["a"],
    additionalProperties: false,
  };
  const body = {
    messages: [ask],
    response_format: { type: "json_schema", json_schema: { name: "n", schema } },
  };
  const native = await toAnthropic({ ...body, model: "claude-sonnet-4-5" });
  expect(native.body["output_config"]).toEqual({ format: { type: "json_schema", schema } });
  const forced = await toAnthropic({ ...body, model: "another" });
  expect(forced.body["tools"]).toMatchObject([{ name: "json", input_schema: schema }]);
  expect(forced.body["tool_choice"]).toEqual({ type: "any", disable_parallel_tool_use: true });
});

test.each([
  [
    "low",
    { thinking: { type: "adaptive", display: "summarized" }, output_config: { effort: "low" } },
  ],
  ["minimal", { output_config: { effort: "low" } }],
  ["none", { thinking: { type: "disabled" } }],
])("reasoning effort %s becomes the nearest that the model has", async (effort, expected) => {
  const { body } = await toAnthropic({
    model: "claude-opus-4-6",
    messages: [ask],
    reasoning_effort: effort,
  });
  expect(body).toMatchObject(expected);
});

test("a thinking budget stays within the limit that the caller set, or policy", async () => {
  const call = { model: "claude-sonnet-4-5", messages: [ask], reasoning_effort: "high" };
  const own = await toAnthropic({ ...call, max_completion_tokens: 4_000 });
  expect(own.body).toMatchObject({
    max_tokens: 4_000,
    thinking: { type: "enabled", budget_tokens: 3_200 },
  });
  const capped = await toAnthropic({ ...call, max_tokens: 10_000 }, { maxTokens: 2_000 });
  expect(capped.body).toMatchObject({ max_tokens: 2_000, thinking: { budget_tokens: 1_600 } });
  const tooSmall = await refused({ ...call, max_tokens: 1_000 });
  expect(tooSmall?.message).toContain("'reasoning_effort'");
});

test("a request without a limit gets the model's own, as Anthropic demands one", async () => {
  expect(
    (await toAnthropic({ model: "claude-sonnet-4-5", messages: [ask] })).body["max_tokens"],
  ).toBe(64_000);
  expect((await toAnthropic({ model: "unheard-of", messages: [ask] })).body["max_tokens"]).toBe(
    4_096,
  );
  const capped = await toAnthropic({ model: "unheard-of", messages: [ask] }, { maxTokens: 50 });
  expect(capped.body["max_tokens"]).toBe(50);
});

test("instructions in the middle go in their place when there are some at the start", async () => {
  const { body, headers } = await toAnthropic({
    model: "claude-opus-4-8",
    messages: [{ role: "system", content: "a" }, ask, { role: "system", content: "b" }, ask],
  });
  expect(body["system"]).toEqual([{ type: "text", text: "a" }]);
  expect(body["messages"]).toMatchObject([
    { role: "user" },
    { role: "system", content: [{ type: "text", text: "b" }] },
    { role: "user" },
  ]);
  expect(headers["anthropic-beta"]).toContain("mid-conversation-system");
});
