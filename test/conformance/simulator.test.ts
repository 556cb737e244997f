import Anthropic, * as anthropicErrors from "@anthropic-ai/sdk";
import OpenAI, * as openaiErrors from "openai";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Simulator, startSimulator } from "../../gateway/src/simulator/server.ts";

let simulator: Simulator;
let openai: OpenAI;
let anthropic: Anthropic;

beforeAll(async () => {
  simulator = await startSimulator();
  openai = new OpenAI({ baseURL: `${simulator.url}/v1`, apiKey: "k", maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: simulator.url, apiKey: "k", maxRetries: 0 });
});
afterEach(() => simulator.ledger.reset());
afterAll(() => simulator.close());

const user = { role: "user" as const, content: "what is the weather" };
const schema = {
  type: "object" as const,
  properties: { city: { type: "string" }, days: { type: "integer" } },
  required: ["city"],
};
const text = "This is Weir's simulator. Your last message has 19 characters.";
const afterTool = "This is Weir's simulator. The tool answered with 5 characters.";
const onlyCall = () => simulator.ledger.calls()[0];

describe("the official openai package", () => {
  const tools = [{ type: "function" as const, function: { name: "weather", parameters: schema } }];

  it("reads a reply and its usage", async () => {
    const { data, response } = await openai.chat.completions
      .create({ model: "sim-cached-reasoning", messages: [user] })
      .withResponse();
    expect(data.choices[0]?.message.content).toBe(text);
    expect(data.choices[0]?.finish_reason).toBe("stop");
    expect(data.usage).toMatchObject({
      prompt_tokens: 1014,
      prompt_tokens_details: { cached_tokens: 1000 },
      completion_tokens: 34,
      completion_tokens_details: { reasoning_tokens: 24 },
      total_tokens: 1048,
    });
    expect(response.headers.get("x-request-id")).toBe(onlyCall()?.id);
    expect(onlyCall()?.billed).toMatchObject({
      inputUncached: 14,
      cacheRead: 1000,
      outputVisible: 10,
    });
  });

  it("accumulates a stream to the same reply", async () => {
    const request = { model: "gpt-x", messages: [user] };
    const whole = await openai.chat.completions.create(request);
    const stream = openai.chat.completions.stream({
      ...request,
      stream_options: { include_usage: true },
    });
    const final = await stream.finalChatCompletion();
    expect(final.choices[0]?.message.content).toBe(whole.choices[0]?.message.content);
    expect(final.usage).toEqual(whole.usage);
  });

  it("calls a tool, streamed or not, and gets an answer to its result", async () => {
    const request = { model: "sim-tools", messages: [user], tools };
    const whole = await openai.chat.completions.create(request);
    const streamed = await openai.chat.completions.stream(request).finalChatCompletion();
    const [call] = whole.choices[0]?.message.tool_calls ?? [];
    const expected = {
      type: "function",
      function: { name: "weather", arguments: '{"city":"simulator"}' },
    };
    expect(call).toMatchObject(expected);
    expect(streamed.choices[0]?.message.tool_calls?.[0]).toMatchObject(expected);
    expect(streamed.choices[0]?.finish_reason).toBe("tool_calls");

    const result = { role: "tool" as const, tool_call_id: call?.id ?? "", content: "sunny" };
    const messages = [user, { role: "assistant" as const, tool_calls: call ? [call] : [] }, result];
    const answer = await openai.chat.completions.create({ ...request, messages });
    expect(answer.choices[0]?.message.content).toBe(afterTool);
  });

  it("recognises errors by status, before and inside a stream", async () => {
    const request = (model: string) => ({ model, messages: [user] });
    await expect(openai.chat.completions.create(request("sim-error-429"))).rejects.toThrow(
      openaiErrors.RateLimitError,
    );
    await expect(openai.chat.completions.create(request("sim-error-500"))).rejects.toThrow(
      openaiErrors.InternalServerError,
    );
    await expect(
      openai.chat.completions.stream(request("sim-fail")).finalChatCompletion(),
    ).rejects.toThrow(openaiErrors.APIError);
  });

  it("lists the models", async () => {
    const ids = (await openai.models.list()).data.map((model) => model.id);
    expect(ids).toContain("sim-tools");
  });
});

describe("the official @anthropic-ai/sdk package", () => {
  const tools = [{ name: "weather", input_schema: schema }];
  const request = (model: string) => ({ model, max_tokens: 500, messages: [user] });

  it("reads a reply and its usage", async () => {
    const { data, response } = await anthropic.messages
      .create(request("sim-cached"))
      .withResponse();
    expect(data.content).toMatchObject([{ type: "text", text }]);
    expect(data.stop_reason).toBe("end_turn");
    expect(data.usage).toMatchObject({
      input_tokens: 14,
      cache_read_input_tokens: 1000,
      cache_creation_input_tokens: 240,
      cache_creation: { ephemeral_5m_input_tokens: 200, ephemeral_1h_input_tokens: 40 },
      output_tokens: 10,
    });
    expect(response.headers.get("request-id")).toBe(onlyCall()?.id);
    expect(onlyCall()?.billed).toMatchObject({ cacheWrite5m: 200, cacheWrite1h: 40 });
  });

  it("accumulates a stream, with thinking, to the same reply", async () => {
    const whole = await anthropic.messages.create(request("sim-reasoning-cached"));
    const final = await anthropic.messages.stream(request("sim-reasoning-cached")).finalMessage();
    expect(whole.content.map((block) => block.type)).toEqual(["thinking", "text"]);
    expect(final.content).toEqual(whole.content);
    expect(final.stop_reason).toBe(whole.stop_reason);
    expect(final.usage.output_tokens).toBe(34);
    expect(final.usage.cache_read_input_tokens).toBe(1000);
  });

  it("calls a tool, streamed or not, and gets an answer to its result", async () => {
    const whole = await anthropic.messages.create({ ...request("sim-tools"), tools });
    const streamed = await anthropic.messages
      .stream({ ...request("sim-tools"), tools })
      .finalMessage();
    expect(whole.stop_reason).toBe("tool_use");
    expect(whole.content).toMatchObject([
      { type: "tool_use", name: "weather", input: { city: "simulator" } },
    ]);
    expect(streamed.content).toMatchObject([
      { type: "tool_use", name: "weather", input: { city: "simulator" } },
    ]);

    const [block] = whole.content;
    const id = block?.type === "tool_use" ? block.id : "";
    const result = { type: "tool_result" as const, tool_use_id: id, content: "sunny" };
    const answer = await anthropic.messages.create({
      ...request("sim-tools"),
      tools,
      messages: [
        user,
        { role: "assistant", content: whole.content },
        { role: "user", content: [result] },
      ],
    });
    expect(answer.content).toMatchObject([{ type: "text", text: afterTool }]);
  });

  it("recognises errors by status, before and inside a stream", async () => {
    await expect(anthropic.messages.create(request("sim-error-429"))).rejects.toThrow(
      anthropicErrors.RateLimitError,
    );
    await expect(anthropic.messages.create(request("sim-error-529"))).rejects.toThrow(
      anthropicErrors.InternalServerError,
    );
    await expect(anthropic.messages.stream(request("sim-fail")).finalMessage()).rejects.toThrow(
      anthropicErrors.APIError,
    );
  });

  it("counts tokens as it bills them, and lists the models", async () => {
    const counted = await anthropic.messages.countTokens({ model: "m", messages: [user] });
    expect(counted.input_tokens).toBe(14);
    const models = await anthropic.models.list();
    expect(models.data.map((model) => model.id)).toContain("sim-tools");
  });
});
