import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startSimulator, type Simulator } from "../../simulator/server.ts";
import {
  startTranslatingServer,
  type TranslatingServer,
} from "./testing/start-translating-server.ts";

let simulator: Simulator;
let toAnthropic: TranslatingServer;
let toOpenAi: TranslatingServer;
let toGemini: TranslatingServer;
let openai: OpenAI;
let anthropic: Anthropic;

beforeAll(async () => {
  simulator = await startSimulator();
  toAnthropic = await startTranslatingServer({
    upstreamUrl: simulator.url,
    providerDialect: "anthropic",
  });
  toOpenAi = await startTranslatingServer({
    upstreamUrl: `${simulator.url}/v1`,
    providerDialect: "openai",
  });
  toGemini = await startTranslatingServer({
    upstreamUrl: simulator.url,
    providerDialect: "gemini",
  });
  openai = new OpenAI({ baseURL: `${toAnthropic.url}/v1`, apiKey: "k", maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: toOpenAi.url, apiKey: "k", maxRetries: 0 });
});

afterAll(async () => {
  await toAnthropic.close();
  await toOpenAi.close();
  await toGemini.close();
  await simulator.close();
});

const ask = { role: "user" as const, content: "What is the weather?" };
const parameters = { type: "object" as const, properties: { city: { type: "string" } } };
const chatTools = ["weather", "clock"].map((name) => ({
  type: "function" as const,
  function: { name, parameters },
}));
const tools = ["weather", "clock"].map((name) => ({ name, input_schema: parameters }));
const lastBill = () => simulator.ledger.calls().at(-1)?.billed;

test("the openai package goes through a tool loop at Anthropic, thoughts and all", async () => {
  const model = "sim-tools-2-cached-reasoning";
  const first = await openai.chat.completions.create({ model, messages: [ask], tools: chatTools });
  const [choice] = first.choices;
  expect(choice?.finish_reason).toBe("tool_calls");
  const calls = choice?.message.tool_calls ?? [];
  expect(calls).toHaveLength(2);
  if (choice === undefined) throw new Error("no choice");
  const second = await openai.chat.completions.create({
    model,
    messages: [
      ask,
      choice.message,
      ...calls.map(({ id }) => ({ role: "tool" as const, tool_call_id: id, content: "fine" })),
    ],
    tools: chatTools,
  });
  expect(second.choices[0]?.message.content).toBeTruthy();
  expect(second.choices[0]?.finish_reason).toBe("stop");
});

test("the openai package's stream helper puts a streamed tool call together", async () => {
  const stream = openai.chat.completions.stream({
    model: "sim-tools-2-utf8",
    messages: [ask],
    tools: chatTools,
    stream_options: { include_usage: true },
  });
  const completion = await stream.finalChatCompletion();
  const calls = completion.choices[0]?.message.tool_calls ?? [];
  expect(calls.map((call) => call.type === "function" && call.function.name)).toEqual([
    "weather",
    "clock",
  ]);
  for (const call of calls) {
    if (call.type === "function")
      expect(JSON.parse(call.function.arguments)).toHaveProperty("city");
  }
  expect(completion.usage?.total_tokens).toBeGreaterThan(0);
});

test("the Anthropic package goes through a tool loop at an OpenAI-compatible", async () => {
  const model = "sim-tools-2-cached-reasoning";
  const call = { model, max_tokens: 1_000, tools };
  const first = await anthropic.messages.create({ ...call, messages: [ask] });
  expect(first.stop_reason).toBe("tool_use");
  expect(first.usage.cache_read_input_tokens).toBeGreaterThan(0);
  const used = first.content.filter((block) => block.type === "tool_use");
  expect(used).toHaveLength(2);
  const second = await anthropic.messages.create({
    ...call,
    messages: [
      ask,
      { role: "assistant", content: first.content },
      {
        role: "user",
        content: used.map(({ id }) => ({
          type: "tool_result" as const,
          tool_use_id: id,
          content: "fine",
        })),
      },
    ],
  });
  expect(second.content).toMatchObject([{ type: "text" }]);
  expect(second.stop_reason).toBe("end_turn");
});

test("the Anthropic package's stream helper puts a streamed message together", async () => {
  const stream = anthropic.messages.stream({
    model: "sim-tools-2-utf8",
    max_tokens: 1_000,
    tools,
    messages: [ask],
  });
  const message = await stream.finalMessage();
  expect(message.content.filter((block) => block.type === "tool_use")).toMatchObject([
    { name: "weather", input: { city: expect.any(String) } },
    { name: "clock", input: { city: expect.any(String) } },
  ]);
  expect(message.usage.output_tokens).toBeGreaterThan(0);
});

test("both are told the text and the usage that the provider billed", async () => {
  const messages = [ask];
  const chat = await openai.chat.completions.create({ model: "sim-utf8-cached", messages });
  const billed = lastBill();
  expect(chat.usage?.completion_tokens).toBe(billed?.outputVisible);
  expect(chat.usage?.prompt_tokens_details?.cached_tokens).toBe(billed?.cacheRead);
  const message = await anthropic.messages.create({
    model: "sim-utf8-cached",
    max_tokens: 1_000,
    messages,
  });
  const second = lastBill();
  expect(message.usage.output_tokens).toBe(second?.outputVisible);
  expect(message.usage.input_tokens).toBe(second?.inputUncached);
  expect(message.usage.cache_read_input_tokens).toBe(second?.cacheRead);
});

test("both read the provider's errors as their own kind", async () => {
  const messages = [ask];
  const chat = openai.chat.completions.create({ model: "sim-error-429", messages });
  await expect(chat).rejects.toBeInstanceOf(OpenAI.RateLimitError);
  const message = anthropic.messages.create({ model: "sim-error-429", max_tokens: 5, messages });
  await expect(message).rejects.toBeInstanceOf(Anthropic.RateLimitError);
});

test("both read an error amid a stream as one", async () => {
  const messages = [ask];
  const chat = openai.chat.completions.stream({ model: "sim-fail-2", messages });
  await expect(chat.finalChatCompletion()).rejects.toBeInstanceOf(OpenAI.APIError);
  const message = anthropic.messages.stream({ model: "sim-fail-2", max_tokens: 50, messages });
  await expect(message.finalMessage()).rejects.toBeInstanceOf(Anthropic.APIError);
});

test("both go through a tool loop at Gemini", async () => {
  const model = "sim-tools-2-reasoning";
  const chat = new OpenAI({ baseURL: `${toGemini.url}/v1`, apiKey: "k", maxRetries: 0 });
  const first = await chat.chat.completions.create({ model, messages: [ask], tools: chatTools });
  const message = first.choices[0]?.message;
  if (message === undefined) throw new Error("no message");
  const results = (message.tool_calls ?? []).map(({ id }) => ({
    role: "tool" as const,
    tool_call_id: id,
    content: "fine",
  }));
  expect(results).toHaveLength(2);
  const messages = [ask, message, ...results];
  const second = chat.chat.completions.stream({ model, messages, tools: chatTools });
  expect(await second.finalContent()).toBeTruthy();

  const claude = new Anthropic({ baseURL: toGemini.url, apiKey: "k", maxRetries: 0 });
  const stream = claude.messages.stream({ model, max_tokens: 1_000, tools, messages: [ask] });
  const answered = await stream.finalMessage();
  expect(answered.stop_reason).toBe("tool_use");
  expect(answered.content.filter((block) => block.type === "tool_use")).toHaveLength(2);
  expect(answered.usage.output_tokens_details?.thinking_tokens).toBe(lastBill()?.outputReasoning);
});
