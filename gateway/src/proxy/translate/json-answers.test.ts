import { expect, test } from "vitest";
import { anthropicJson, geminiJson, openAiJson } from "./testing/answers.ts";
import { answer, send } from "./testing/translate.ts";

const body = { model: "alias-1", max_tokens: 100, messages: [{ role: "user", content: "hi" }] };

const chatUsage = {
  prompt_tokens: 19,
  completion_tokens: 9,
  total_tokens: 28,
  completion_tokens_details: { reasoning_tokens: 4 },
};

test("a chat client reads Anthropic's answer", async () => {
  const { call } = await send("chat.completions", "anthropic", body);
  const { status, headers, streamed, text } = await answer(call, anthropicJson);
  expect({ status, streamed, type: headers["content-type"] }).toEqual({
    status: 200,
    streamed: false,
    type: "application/json",
  });
  expect(JSON.parse(text)).toEqual({
    id: "chatcmpl-call-1",
    object: "chat.completion",
    created: 1_700_000_000,
    model: "alias-1",
    choices: [
      {
        index: 0,
        message: {
          role: "assistant",
          content: "日本 😀",
          refusal: null,
          reasoning_content: "Hm.",
          reasoning_details: [
            {
              type: "reasoning.text",
              text: "Hm.",
              signature: "c2ln",
              format: "anthropic-claude-v1",
              index: 0,
            },
            { type: "reasoning.encrypted", data: "xyz", format: "anthropic-claude-v1", index: 1 },
          ],
          tool_calls: [
            {
              id: "toolu_1",
              type: "function",
              function: { name: "look", arguments: '{"at":"left"}' },
            },
          ],
        },
        logprobs: null,
        finish_reason: "tool_calls",
      },
    ],
    usage: { ...chatUsage, prompt_tokens_details: { cached_tokens: 3, cache_write_tokens: 5 } },
  });
});

test("a chat client reads Gemini's answer, with the signature that must come back", async () => {
  const { call } = await send("chat.completions", "gemini", body);
  const { choices, usage } = JSON.parse((await answer(call, geminiJson)).text);
  expect(choices[0]).toMatchObject({
    message: {
      content: "日本 😀",
      reasoning_content: "Hm.",
      tool_calls: [
        {
          id: "fc_1",
          function: { name: "look", arguments: '{"at":"left"}' },
          extra_content: { google: { thought_signature: "c2ln" } },
        },
      ],
    },
    finish_reason: "tool_calls",
  });
  expect(usage).toEqual({ ...chatUsage, prompt_tokens_details: { cached_tokens: 3 } });
});

test("a Messages client reads an OpenAI-compatible's answer, thoughts left out", async () => {
  const { call } = await send("messages", "openai", body);
  const direct = { caller: { type: "direct" } };
  expect(JSON.parse((await answer(call, openAiJson)).text)).toEqual({
    id: "msg_call-1",
    type: "message",
    role: "assistant",
    model: "alias-1",
    content: [
      { type: "text", text: "日本 😀", citations: null },
      { type: "tool_use", id: "call_1", name: "look", input: { at: "left" }, ...direct },
      { type: "tool_use", id: "call_2", name: "wait", input: {}, ...direct },
    ],
    container: null,
    diagnostics: null,
    stop_reason: "tool_use",
    stop_sequence: null,
    stop_details: null,
    usage: {
      input_tokens: 11,
      cache_creation_input_tokens: 5,
      cache_read_input_tokens: 3,
      cache_creation: { ephemeral_5m_input_tokens: 5, ephemeral_1h_input_tokens: 0 },
      output_tokens: 9,
      output_tokens_details: { thinking_tokens: 4 },
      server_tool_use: null,
      service_tier: "standard",
      inference_geo: null,
      speed: null,
    },
  });
});

test("a Messages client reads Gemini's answer, thoughts left out", async () => {
  const { call } = await send("messages", "gemini", body);
  expect(JSON.parse((await answer(call, geminiJson)).text)).toMatchObject({
    content: [
      { type: "text", text: "日本 😀" },
      { type: "tool_use", id: "fc_1", name: "look", input: { at: "left" } },
    ],
    stop_reason: "tool_use",
    usage: { input_tokens: 16, cache_read_input_tokens: 3, output_tokens: 9 },
  });
});

test.each([
  ["end_turn", "stop"],
  ["stop_sequence", "stop"],
  ["max_tokens", "length"],
  ["model_context_window_exceeded", "length"],
  ["refusal", "content_filter"],
])("Anthropic's stop reason %s is chat's %s", async (stop_reason, expected) => {
  const { call } = await send("chat.completions", "anthropic", body);
  const given = JSON.stringify({
    ...JSON.parse(anthropicJson),
    content: [{ type: "text", text: "x" }],
    stop_reason,
  });
  expect(JSON.parse((await answer(call, given)).text).choices[0].finish_reason).toBe(expected);
});

test.each([
  ["stop", "end_turn"],
  ["length", "max_tokens"],
  ["content_filter", "refusal"],
])("chat's finish reason %s is Anthropic's %s", async (finish_reason, expected) => {
  const { call } = await send("messages", "openai", body);
  const given = JSON.stringify({ choices: [{ message: { content: "x" }, finish_reason }] });
  expect(JSON.parse((await answer(call, given)).text).stop_reason).toBe(expected);
});

test("a refusal to answer is told as one", async () => {
  const { call } = await send("messages", "openai", body);
  const given = JSON.stringify({
    choices: [{ message: { content: null, refusal: "No." }, finish_reason: "stop" }],
  });
  expect(JSON.parse((await answer(call, given)).text)).toMatchObject({
    content: [{ type: "text", text: "No." }],
    stop_reason: "refusal",
  });
});

test("structured output by a forced tool comes back as the text that was asked for", async () => {
  const schema = { type: "object", properties: { a: { type: "integer" } } };
  const { call } = await send("chat.completions", "anthropic", {
    ...body,
    response_format: { type: "json_schema", json_schema: { name: "n", schema } },
  });
  const given = {
    ...JSON.parse(anthropicJson),
    content: [{ type: "tool_use", id: "t", name: "json", input: { a: 1 } }],
  };
  const { choices } = JSON.parse((await answer(call, JSON.stringify(given))).text);
  expect(choices[0]).toMatchObject({ message: { content: '{"a":1}' }, finish_reason: "stop" });
  expect(choices[0].message).not.toHaveProperty("tool_calls");
});

test("usage that the provider did not tell is left out, or zero where the dialect demands a number", async () => {
  const silent = JSON.stringify({
    choices: [{ message: { content: "x" }, finish_reason: "stop" }],
  });
  const messages = await send("messages", "openai", body);
  expect(JSON.parse((await answer(messages.call, silent)).text).usage).toMatchObject({
    input_tokens: 0,
  });
  const chat = await send("chat.completions", "gemini", body);
  const quiet = JSON.stringify({
    candidates: [{ content: { parts: [{ text: "x" }] }, finishReason: "STOP" }],
  });
  expect(JSON.parse((await answer(chat.call, quiet)).text)).not.toHaveProperty("usage");
});
