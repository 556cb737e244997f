import { describe, expect, test } from "vitest";
import { anthropicStream, geminiStream, openAiStream } from "./testing/answers.ts";
import { deltas, events } from "./testing/read-stream.ts";
import { answer, send } from "./testing/translate.ts";

const body = {
  model: "alias-1",
  max_tokens: 100,
  stream: true,
  messages: [{ role: "user", content: "hi" }],
};
const withUsage = { ...body, stream_options: { include_usage: true } };

const chunkHead = {
  id: "chatcmpl-call-1",
  object: "chat.completion.chunk",
  created: 1_700_000_000,
  model: "alias-1",
};

describe("a chat client of Anthropic", () => {
  test("reads thoughts with their signature, texts, calls in pieces and the usage", async () => {
    const { call } = await send("chat.completions", "anthropic", withUsage);
    const { text, last } = await answer(call, anthropicStream);
    expect(last).toBe("data: [DONE]\n\n");
    expect(deltas(text)).toEqual([
      { role: "assistant", content: "", refusal: null, reasoning_content: "Hm, " },
      { reasoning_content: "é." },
      {
        reasoning_details: [
          {
            type: "reasoning.text",
            text: "Hm, é.",
            signature: "c2ln",
            format: "anthropic-claude-v1",
            index: 0,
          },
        ],
      },
      { content: "日本 " },
      { content: "😀" },
      {
        tool_calls: [
          { index: 0, id: "toolu_1", type: "function", function: { name: "look", arguments: "" } },
        ],
      },
      { tool_calls: [{ index: 0, function: { arguments: '{"at":' } }] },
      { tool_calls: [{ index: 0, function: { arguments: '"left"}' } }] },
      {
        tool_calls: [
          { index: 1, id: "toolu_2", type: "function", function: { name: "wait", arguments: "" } },
        ],
      },
      { tool_calls: [{ index: 1, function: { arguments: "{}" } }] },
      {},
    ]);
    const [finish, usage] = events(text).slice(-2);
    expect(finish).toMatchObject({
      ...chunkHead,
      choices: [{ index: 0, delta: {}, finish_reason: "tool_calls" }],
      usage: null,
    });
    expect(usage).toEqual({
      ...chunkHead,
      choices: [],
      usage: {
        prompt_tokens: 19,
        completion_tokens: 9,
        total_tokens: 28,
        prompt_tokens_details: { cached_tokens: 3, cache_write_tokens: 5 },
        completion_tokens_details: { reasoning_tokens: 4 },
      },
    });
  });

  test("is told no usage that it did not ask for", async () => {
    const { call } = await send("chat.completions", "anthropic", body);
    const { text } = await answer(call, anthropicStream);
    expect(text).not.toContain("usage");
    expect(text).not.toContain('"choices":[]');
  });
});

test("a chat client of Gemini reads thoughts, texts, and calls with Google's signature", async () => {
  const { call } = await send("chat.completions", "gemini", withUsage);
  const { text } = await answer(call, geminiStream);
  expect(deltas(text)).toEqual([
    { role: "assistant", content: "", refusal: null, reasoning_content: "Hm." },
    { content: "日本 " },
    { content: "😀" },
    {
      tool_calls: [
        {
          index: 0,
          id: "fc_1",
          type: "function",
          function: { name: "look", arguments: "" },
          extra_content: { google: { thought_signature: "c2ln" } },
        },
      ],
    },
    { tool_calls: [{ index: 0, function: { arguments: '{"at":"left"}' } }] },
    {
      tool_calls: [
        {
          index: 1,
          id: expect.stringMatching(/^id-/),
          type: "function",
          function: { name: "wait", arguments: "" },
        },
      ],
    },
    { tool_calls: [{ index: 1, function: { arguments: "{}" } }] },
    {},
  ]);
  expect(events(text).at(-1)?.["usage"]).toEqual({
    prompt_tokens: 19,
    completion_tokens: 9,
    total_tokens: 28,
    prompt_tokens_details: { cached_tokens: 3 },
    completion_tokens_details: { reasoning_tokens: 4 },
  });
});

const wholeUsage = {
  input_tokens: 0,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
  output_tokens: 0,
  output_tokens_details: { thinking_tokens: 0 },
  server_tool_use: null,
  service_tier: "standard",
  inference_geo: null,
  speed: null,
};

test("a Messages client of an OpenAI-compatible reads blocks one after the other, thoughts left out", async () => {
  const { call } = await send("messages", "openai", body);
  const { text, last } = await answer(call, openAiStream);
  expect(last).toBe('event: message_stop\ndata: {"type":"message_stop"}\n\n');
  const direct = { caller: { type: "direct" } };
  expect(events(text)).toEqual([
    {
      type: "message_start",
      message: {
        id: "msg_call-1",
        type: "message",
        role: "assistant",
        model: "alias-1",
        content: [],
        container: null,
        diagnostics: null,
        stop_reason: null,
        stop_sequence: null,
        stop_details: null,
        usage: wholeUsage,
      },
    },
    { type: "ping" },
    {
      type: "content_block_start",
      index: 0,
      content_block: { type: "text", text: "", citations: null },
    },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "日本 " } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: "😀" } },
    { type: "content_block_stop", index: 0 },
    {
      type: "content_block_start",
      index: 1,
      content_block: { type: "tool_use", id: "call_1", name: "look", input: {}, ...direct },
    },
    {
      type: "content_block_delta",
      index: 1,
      delta: { type: "input_json_delta", partial_json: '{"at":' },
    },
    {
      type: "content_block_delta",
      index: 1,
      delta: { type: "input_json_delta", partial_json: '"left"}' },
    },
    { type: "content_block_stop", index: 1 },
    {
      type: "content_block_start",
      index: 2,
      content_block: { type: "tool_use", id: "call_2", name: "wait", input: {}, ...direct },
    },
    {
      type: "content_block_delta",
      index: 2,
      delta: { type: "input_json_delta", partial_json: '{"for' },
    },
    {
      type: "content_block_delta",
      index: 2,
      delta: { type: "input_json_delta", partial_json: '":1}' },
    },
    { type: "content_block_stop", index: 2 },
    {
      type: "message_delta",
      delta: { stop_reason: "tool_use", stop_sequence: null, stop_details: null, container: null },
      usage: {
        input_tokens: 11,
        cache_creation_input_tokens: 5,
        cache_read_input_tokens: 3,
        output_tokens: 9,
        output_tokens_details: { thinking_tokens: 4 },
        server_tool_use: null,
      },
    },
    { type: "message_stop" },
  ]);
});

test("a Messages client of Gemini reads texts and calls, thoughts left out", async () => {
  const { call } = await send("messages", "gemini", body);
  const { text } = await answer(call, geminiStream);
  const blocks = events(text).flatMap((event) =>
    event["type"] === "content_block_start" ? [event["content_block"]] : [],
  );
  expect(blocks).toMatchObject([
    { type: "text" },
    { type: "tool_use", id: "fc_1", name: "look" },
    { type: "tool_use", name: "wait" },
  ]);
  expect(text).not.toContain("Hm.");
  expect(events(text).at(-2)).toMatchObject({
    delta: { stop_reason: "tool_use" },
    usage: { input_tokens: 16, cache_read_input_tokens: 3, output_tokens: 9 },
  });
});
