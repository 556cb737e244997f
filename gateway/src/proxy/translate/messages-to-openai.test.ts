import { expect, test } from "vitest";
import type { JsonObject } from "../dialects/json-body.ts";
import { png } from "./testing/samples.ts";
import { send } from "./testing/translate.ts";

const base = { model: "gpt-x", max_tokens: 100 };
const ask = { role: "user", content: "hi" };
const toOpenAi = (members: JsonObject) =>
  send("messages", "openai", { ...base, messages: [ask], ...members });

test("a whole conversation arrives with every text, image, document, call and result in its order", async () => {
  const { path, headers, body } = await toOpenAi({
    stream: true,
    temperature: 0.5,
    stop_sequences: ["END"],
    system: [
      { type: "text", text: "x-anthropic-billing-header: cc_version=2; cch=1;" },
      { type: "text", text: "Be brief.", cache_control: { type: "ephemeral" } },
      { type: "text", text: "Be kind." },
    ],
    messages: [
      {
        role: "user",
        content: [
          { type: "text", text: "What is this? é 😀" },
          { type: "image", source: { type: "base64", media_type: "image/png", data: png } },
          { type: "image", source: { type: "url", url: "https://images.example/a" } },
          {
            type: "document",
            title: "a.pdf",
            source: { type: "base64", media_type: "application/pdf", data: png },
          },
          { type: "document", source: { type: "text", media_type: "text/plain", data: "plain" } },
        ],
      },
      {
        role: "assistant",
        content: [
          { type: "text", text: "I look." },
          { type: "tool_use", id: "t_1", name: "look", input: { at: "left" } },
          { type: "tool_use", id: "t_2", name: "look", input: {} },
        ],
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "t_2", content: "none there", is_error: true },
          {
            type: "tool_result",
            tool_use_id: "t_1",
            content: [
              { type: "text", text: "a" },
              { type: "text", text: "b" },
            ],
          },
          { type: "text", text: "So?" },
        ],
      },
      { role: "system", content: "Now be quick." },
    ],
    tools: [
      {
        name: "look",
        description: "Looks.",
        input_schema: { type: "object", properties: {} },
        strict: true,
      },
    ],
    tool_choice: { type: "tool", name: "look", disable_parallel_tool_use: true },
    metadata: { user_id: "u-1" },
  });
  expect(path).toBe("/chat/completions");
  expect(Object.keys(headers)).not.toContain("authorization");
  expect(body).toEqual({
    model: "gpt-x",
    max_completion_tokens: 100,
    temperature: 0.5,
    stop: ["END"],
    stream: true,
    stream_options: { include_usage: true },
    user: "u-1",
    parallel_tool_calls: false,
    messages: [
      { role: "system", content: "Be brief.\n\nBe kind." },
      {
        role: "user",
        content: [
          { type: "text", text: "What is this? é 😀" },
          { type: "image_url", image_url: { url: `data:image/png;base64,${png}` } },
          { type: "image_url", image_url: { url: "https://images.example/a" } },
          {
            type: "file",
            file: { filename: "a.pdf", file_data: `data:application/pdf;base64,${png}` },
          },
          { type: "text", text: "plain" },
        ],
      },
      {
        role: "assistant",
        content: "I look.",
        tool_calls: [
          { id: "t_1", type: "function", function: { name: "look", arguments: '{"at":"left"}' } },
          { id: "t_2", type: "function", function: { name: "look", arguments: "{}" } },
        ],
      },
      { role: "tool", tool_call_id: "t_2", content: "Error: none there" },
      {
        role: "tool",
        tool_call_id: "t_1",
        content: [
          { type: "text", text: "a" },
          { type: "text", text: "b" },
        ],
      },
      { role: "user", content: "So?" },
      { role: "system", content: "Now be quick." },
    ],
    tools: [
      {
        type: "function",
        function: {
          name: "look",
          description: "Looks.",
          parameters: { type: "object", properties: {} },
          strict: true,
        },
      },
    ],
    tool_choice: { type: "function", function: { name: "look" } },
  });
});

test("the limit goes by the name that the server knows", async () => {
  expect((await toOpenAi({ model: "o4-mini" })).body).toMatchObject({ max_completion_tokens: 100 });
  expect((await toOpenAi({ model: "llama-4" })).body).toMatchObject({ max_tokens: 100 });
});

test("a schema goes as a response format", async () => {
  const schema = { type: "object", properties: {}, additionalProperties: false };
  for (const members of [
    { output_config: { format: { type: "json_schema", schema } } },
    { output_format: { type: "json_schema", schema } },
  ]) {
    expect((await toOpenAi(members)).body["response_format"]).toEqual({
      type: "json_schema",
      json_schema: { name: "response", schema, strict: true },
    });
  }
});

test.each<[string, JsonObject, string | undefined]>([
  ["a small budget", { thinking: { type: "enabled", budget_tokens: 1024 } }, "low"],
  ["a middling budget", { thinking: { type: "enabled", budget_tokens: 4096 } }, "medium"],
  ["a large budget", { thinking: { type: "enabled", budget_tokens: 32_000 } }, "high"],
  ["the model's own pace", { thinking: { type: "adaptive" } }, undefined],
  ["an effort", { thinking: { type: "adaptive" }, output_config: { effort: "medium" } }, "medium"],
  ["the most", { output_config: { effort: "max" } }, "xhigh"],
  ["no thinking", { thinking: { type: "disabled" } }, undefined],
])("%s of thinking becomes reasoning effort", async (_what, members, effort) => {
  expect((await toOpenAi(members)).body["reasoning_effort"]).toBe(effort);
});

test("a request as Claude Code sends it is carried", async () => {
  const { body } = await toOpenAi({
    model: "gpt-6",
    stream: true,
    thinking: { type: "adaptive", display: "omitted" },
    context_management: { edits: [{ type: "clear_thinking_20251015", keep: "all" }] },
    output_config: { effort: "medium" },
    metadata: { user_id: JSON.stringify({ device_id: "d".repeat(64), session_id: "s" }) },
    system: [{ type: "text", text: "x-anthropic-billing-header: cc_version=2.1;" }],
    tools: [
      {
        name: "Bash",
        input_schema: { type: "object" },
        eager_input_streaming: true,
        cache_control: { type: "ephemeral", ttl: "1h" },
      },
    ],
  });
  expect(body).not.toHaveProperty("user");
  expect(body["messages"]).toEqual([{ role: "user", content: "hi" }]);
});
