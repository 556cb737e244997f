import { createOpenAI } from "@ai-sdk/openai";
import {
  Agent,
  OpenAIProvider,
  Runner,
  setTracingDisabled,
  tool as agentTool,
} from "@openai/agents";
import { generateText, isStepCount, Output, streamText, tool } from "ai";
import OpenAI, { toFile } from "openai";
import * as openaiErrors from "openai";
import { ResponsesWS } from "openai/resources/responses/ws";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { type Simulator, startSimulator } from "../../gateway/src/simulator/server.ts";

let simulator: Simulator;
let openai: OpenAI;

beforeAll(async () => {
  setTracingDisabled(true);
  simulator = await startSimulator();
  openai = new OpenAI({ baseURL: `${simulator.url}/v1`, apiKey: "k", maxRetries: 0 });
});
afterEach(() => simulator.ledger.reset());
afterAll(() => simulator.close());

const parameters = {
  type: "object",
  properties: { city: { type: "string" } },
  required: ["city"],
};
const weather = { type: "function" as const, name: "weather", strict: false, parameters };
const lastCall = () => simulator.ledger.calls().at(-1);

describe("the official openai package, by Responses", () => {
  it("accumulates a stream to what it reads without one", async () => {
    const request = { model: "sim-reasoning-cached-search", input: "hi", tools: [webSearch] };
    const whole = await openai.responses.create(request);
    const final = await openai.responses.stream(request).finalResponse();
    expect(whole.output.map((item) => item.type)).toEqual([
      "reasoning",
      "web_search_call",
      "message",
    ]);
    expect(final.output_text).toBe(whole.output_text);
    expect(final.usage).toEqual(whole.usage);
    expect(lastCall()?.billed?.cacheWrite5m).toBe(
      whole.usage?.input_tokens_details.cache_write_tokens,
    );
  });

  it("calls a tool and goes on from the stored response with its result", async () => {
    const request = { model: "sim-tools", input: "hi", tools: [weather] };
    const first = await openai.responses.stream(request).finalResponse();
    const [call] = first.output;
    expect(call).toMatchObject({ type: "function_call", arguments: '{"city":"simulator"}' });
    const result = {
      type: "function_call_output" as const,
      call_id: call?.type === "function_call" ? call.call_id : "",
      output: "sunny",
    };
    const next = { ...request, input: [result], previous_response_id: first.id };
    expect((await openai.responses.create(next)).output_text).toContain("5 characters");
  });

  it("parses structured output", async () => {
    const format = { type: "json_schema" as const, name: "place", schema: parameters };
    const parsed = await openai.responses.parse({ model: "m", input: "x", text: { format } });
    expect(parsed.output_parsed).toEqual({ city: "simulator" });
  });

  it("polls background work until it is complete, and counts input", async () => {
    const { id, status } = await openai.responses.create({
      model: "m",
      input: "x",
      background: true,
    });
    expect(status).toBe("queued");
    expect((await openai.responses.retrieve(id)).status).toBe("in_progress");
    expect((await openai.responses.retrieve(id)).usage?.output_tokens).toBe(10);
    await openai.responses.delete(id);
    await expect(openai.responses.retrieve(id)).rejects.toThrow(openaiErrors.NotFoundError);
    const counted = await openai.responses.inputTokens.count({ model: "m", input: "x" });
    expect(counted.input_tokens).toBe(11);
  });

  it("recognises a lost previous response, and an error inside a stream", async () => {
    const lost = { model: "m", input: "x", previous_response_id: "resp_lost" };
    await expect(openai.responses.create(lost)).rejects.toMatchObject({
      code: "previous_response_not_found",
    });
    await expect(
      openai.responses.stream({ model: "sim-fail", input: "x" }).finalResponse(),
    ).rejects.toThrow("asked to fail here");
  });

  it("holds a conversation over a socket", async () => {
    const socket = new ResponsesWS(openai);
    const completed = async (body: object): Promise<openaiErrors.OpenAI.Responses.Response> =>
      new Promise((resolve, reject) => {
        socket.once("response.completed", (event) => resolve(event.response));
        socket.once("error", reject);
        socket.send({ type: "response.create", model: "m", store: false, ...body });
      });
    const warm = await completed({ generate: false });
    const first = await completed({ input: "one", previous_response_id: warm.id });
    const second = await completed({ input: "two", previous_response_id: first.id });
    expect(second.usage?.input_tokens).toBe(15);
    expect(simulator.ledger.totals().tokens.outputVisible).toBe(20);
    socket.close();
  });
});

const webSearch = { type: "web_search" as const };

describe("the official openai package, by its other formats", () => {
  it("reads completions, embeddings in both encodings, and moderations", async () => {
    const text = await openai.completions.create({ model: "m", prompt: ["a", "b"] });
    expect(text.choices).toHaveLength(2);
    const input = { model: "m", input: ["a b", "c"], dimensions: 8 };
    const [decoded, plain] = [
      await openai.embeddings.create(input),
      await openai.embeddings.create({ ...input, encoding_format: "float" }),
    ];
    expect(decoded.data).toEqual(plain.data);
    const { results } = await openai.moderations.create({ input: "violence" });
    expect(results[0]?.categories.violence).toBe(true);
  });

  it("sends and reads sound and pictures", async () => {
    const speech = await openai.audio.speech.create({ model: "m", input: "a b", voice: "alloy" });
    expect((await speech.arrayBuffer()).byteLength).toBe(960);
    const file = await toFile(Buffer.alloc(4000), "a.wav");
    const whole = await openai.audio.transcriptions.create({ model: "m", file });
    expect(whole.usage).toMatchObject({ type: "tokens", input_tokens: 45 });
    let streamed = "";
    for await (const event of await openai.audio.transcriptions.create({
      model: "m",
      file,
      stream: true,
    })) {
      if (event.type === "transcript.text.delta") streamed += event.delta;
    }
    expect(streamed).toBe(whole.text);
    const image = await toFile(Buffer.from("x"), "a.png", { type: "image/png" });
    const edited = await openai.images.edit({ model: "m", prompt: "x", image: [image, image] });
    expect(edited.usage?.input_tokens_details.image_tokens).toBe(170);
  });

  it("uploads a file, runs it as a batch and reads its output", async () => {
    const line = { custom_id: "a", url: "/v1/responses", body: { model: "m", input: "x" } };
    const upload = await toFile(Buffer.from(JSON.stringify(line)), "in.jsonl");
    const file = await openai.files.create({ file: upload, purpose: "batch" });
    const { id } = await openai.batches.create({
      input_file_id: file.id,
      endpoint: "/v1/responses",
      completion_window: "24h",
    });
    await openai.batches.retrieve(id);
    const done = await openai.batches.retrieve(id);
    expect(done).toMatchObject({ status: "completed", usage: { output_tokens: 10 } });
    const output = await openai.files.content(done.output_file_id ?? "");
    expect(await output.text()).toContain('"custom_id":"a"');
  });
});

describe("the AI SDK's openai provider", () => {
  const model = (id: string) =>
    createOpenAI({ baseURL: `${simulator.url}/v1`, apiKey: "k" }).responses(id);
  const tools = {
    weather: tool({
      inputSchema: z.object({ city: z.string() }),
      execute: async ({ city }) => `sunny in ${city}`,
    }),
  };

  it("runs a tool loop, streamed or not, with usage by class", async () => {
    const request = { prompt: "hi", tools, stopWhen: isStepCount(3), maxRetries: 0 };
    const whole = await generateText({ ...request, model: model("sim-tools-reasoning-cached") });
    const streamed = streamText({ ...request, model: model("sim-tools-reasoning-cached") });
    expect(await streamed.text).toBe(whole.text);
    const usage = await streamed.usage;
    expect(usage).toMatchObject({
      inputTokenDetails: { cacheReadTokens: 2000 },
      outputTokenDetails: { reasoningTokens: 48 },
    });
    expect(whole.usage.totalTokens).toBe(usage.totalTokens);
    expect(simulator.ledger.totals()).toMatchObject({ calls: 4, tokens: { cacheRead: 4000 } });
  });

  it("gets structured output", async () => {
    const output = Output.object({ schema: z.object({ city: z.string(), days: z.number() }) });
    const answered = await generateText({ model: model("m"), prompt: "x", output });
    expect(answered.output).toEqual({ city: "simulator", days: 1 });
  });
});

it("OpenAI Agents runs a tool loop, streamed or not", async () => {
  const agent = new Agent({
    name: "agent",
    instructions: "be brief",
    model: "sim-tools",
    tools: [
      agentTool({
        name: "weather",
        description: "tells the weather",
        parameters: z.object({ city: z.string() }),
        execute: async () => "sunny",
      }),
    ],
  });
  const runner = new Runner({ modelProvider: new OpenAIProvider({ openAIClient: openai }) });
  const whole = await runner.run(agent, "hi");
  const streamed = await runner.run(agent, "hi", { stream: true });
  await streamed.completed;
  expect(whole.finalOutput).toContain("5 characters");
  expect(streamed.finalOutput).toBe(whole.finalOutput);
  expect(simulator.ledger.totals().calls).toBe(4);
});
