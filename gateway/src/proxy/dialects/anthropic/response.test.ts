import { expect, test } from "vitest";
import { messagesStreamMeter, meterMessagesJson } from "./response.ts";

const frame = (data: { type: string; [member: string]: unknown }) =>
  Buffer.from(`event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`);
const start = frame({
  type: "message_start",
  message: {
    model: "c-1",
    usage: {
      input_tokens: 10,
      cache_creation_input_tokens: 7,
      cache_read_input_tokens: 4,
      cache_creation: { ephemeral_5m_input_tokens: 5, ephemeral_1h_input_tokens: 2 },
      output_tokens: 1,
    },
  },
});
const delta = (usage: object) => frame({ type: "message_delta", delta: {}, usage });

test("overwrites cumulative usage, never adds it", () => {
  const meter = messagesStreamMeter();
  meter.frame(start);
  meter.frame(delta({ output_tokens: 8 }));
  meter.frame(
    delta({ output_tokens: 12, output_tokens_details: { thinking_tokens: 5 }, input_tokens: null }),
  );
  expect(meter.facts()).toMatchObject({ usageIsFinal: false, modelUsed: "c-1" });
  expect(meter.frame(frame({ type: "message_stop" }))).toBe("terminal");
  expect(meter.facts()).toMatchObject({
    usageIsFinal: true,
    tokens: {
      inputUncached: 10,
      cacheRead: 4,
      cacheWrite5m: 5,
      cacheWrite1h: 2,
      outputVisible: 7,
      outputReasoning: 5,
    },
  });
});

test("counts tool calls and tools that ran at the provider, and sees an error after status 200", () => {
  const meter = messagesStreamMeter();
  meter.frame(frame({ type: "content_block_start", content_block: { type: "tool_use" } }));
  meter.frame(frame({ type: "content_block_start", content_block: { type: "text" } }));
  meter.frame(delta({ output_tokens: 1, server_tool_use: { web_search_requests: 2 } }));
  expect(meter.frame(frame({ type: "ping" }))).toBe("forward");
  expect(meter.facts()).toMatchObject({
    toolCallCount: 1,
    serverToolCalls: { web_search_requests: 2 },
  });
  meter.frame(frame({ type: "error", error: { type: "overloaded_error" } }));
  expect(meter.facts().errorInStream).toBe(true);
});

test("puts cache writes without a lifetime into the five-minute class", () => {
  const usage = { input_tokens: 1, output_tokens: 1, cache_creation_input_tokens: 9 };
  expect(meterMessagesJson({ usage }).tokens).toMatchObject({ cacheWrite5m: 9, cacheWrite1h: 0 });
});

test("reads a whole answer, and nothing from what is none", () => {
  const body = {
    model: "c-1",
    usage: { input_tokens: 3, output_tokens: 2 },
    content: [{ type: "tool_use" }],
  };
  expect(meterMessagesJson(body)).toMatchObject({
    modelUsed: "c-1",
    toolCallCount: 1,
    usageIsFinal: true,
  });
  expect(meterMessagesJson(undefined).tokens).toBeNull();
});
