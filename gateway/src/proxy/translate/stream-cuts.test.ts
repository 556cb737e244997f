import { expect, test } from "vitest";
import type { JsonObject } from "../dialects/json-body.ts";
import { anthropicStream, geminiStream, openAiStream } from "./testing/answers.ts";
import { answer, send, type Operation, type Provider } from "./testing/translate.ts";

const body = {
  model: "alias-1",
  max_tokens: 100,
  stream: true,
  messages: [{ role: "user", content: "hi" }],
};
const withUsage = { ...body, stream_options: { include_usage: true } };

const directions: [Operation, Provider, JsonObject, string][] = [
  ["chat.completions", "anthropic", withUsage, anthropicStream],
  ["chat.completions", "gemini", withUsage, geminiStream],
  ["messages", "openai", body, openAiStream],
  ["messages", "gemini", body, geminiStream],
];

/** Every place where a cut could hurt (in characters, at line ends), and one in seven of the others. */
function cutsOf(bytes: Buffer): number[] {
  return Array.from(bytes, (byte, at) => ({ byte, at }))
    .filter(({ byte, at }) => at > 0 && (byte > 0x7f || byte < 0x20 || at % 7 === 0))
    .map(({ at }) => at);
}

test.each(directions)(
  "%s from %s reads the same wherever the provider's packets are cut",
  async (operation, provider, request, stream) => {
    const bytes = Buffer.from(stream);
    const { call } = await send(operation, provider, request);
    const whole = await answer(call, [bytes]);
    expect(whole.status).toBe(200);
    expect(whole.streamed).toBe(true);
    for (const cut of cutsOf(bytes)) {
      const answered = await answer(call, [bytes.subarray(0, cut), bytes.subarray(cut)]);
      expect(answered.text, `cut at ${cut}`).toBe(whole.text);
    }
    const bytewise = Array.from(bytes, (_byte, at) => bytes.subarray(at, at + 1));
    expect((await answer(call, bytewise)).text).toBe(whole.text);
  },
  30_000,
);

test.each(directions)(
  "%s from %s never looks complete when the provider's stream is cut short",
  async (operation, provider, request, stream) => {
    const bytes = Buffer.from(stream);
    const end = stream.lastIndexOf(
      provider === "gemini"
        ? '"finishReason"'
        : provider === "openai"
          ? '"tool_calls"}'
          : "message_stop",
    );
    const { call } = await send(operation, provider, request);
    for (let cut = 0; cut < end; cut += 29) {
      await expect(answer(call, [bytes.subarray(0, cut)]), `cut at ${cut}`).rejects.toThrow(
        expect.objectContaining({ code: "WEIR_ANSWER_UNREADABLE" }),
      );
    }
  },
  30_000,
);
