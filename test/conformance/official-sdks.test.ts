/**
 * Must show 1: the official SDKs, unchanged but for base URL and key, through a whole Weir, and the
 * rows in ClickHouse equal to what the simulator says it billed, to the token.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startSimulator, type Simulator } from "../../gateway/src/simulator/server.ts";
import { readLedger, tokensOf } from "../support/read-ledger.ts";
import { simulatorProviders } from "../support/simulator-provider.ts";
import { startWeir, type RunningWeir } from "../support/start-weir.ts";

let dataDir: string;
let simulator: Simulator;
let weir: RunningWeir;
let openai: OpenAI;
let anthropic: Anthropic;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), "weir-sdks-"));
  simulator = await startSimulator();
  weir = await startWeir({ config: simulatorProviders(simulator.url), dataDir });
  openai = new OpenAI({ baseURL: `${weir.gateway}/v1`, apiKey: weir.key, maxRetries: 0 });
  anthropic = new Anthropic({ baseURL: weir.gateway, apiKey: weir.key, maxRetries: 0 });
});

afterAll(async () => {
  await weir.stop();
  await simulator.close();
  await rm(dataDir, { recursive: true, force: true });
});

const user = { role: "user" as const, content: "what is the weather" };
const answer = "This is Weir's simulator. Your last message has 19 characters.";
const afterTool = "This is Weir's simulator. The tool answered with 5 characters.";
const schema = {
  type: "object" as const,
  properties: { city: { type: "string" } },
  required: ["city"],
};
const models = ["sim-echo", "sim-cached-reasoning", "gpt-5", "sim-utf8", "sim-long-30"];

describe("openai", () => {
  const tools = [{ type: "function" as const, function: { name: "weather", parameters: schema } }];

  test.each(models)("%s answers alike, streamed or not", async (model) => {
    const request = { model, messages: [user] };
    const whole = await openai.chat.completions.create(request);
    const asked = { ...request, stream_options: { include_usage: true } };
    const streamed = await openai.chat.completions.stream(asked).finalChatCompletion();
    expect(streamed.choices[0]?.message.content).toBe(whole.choices[0]?.message.content);
    expect(streamed.usage).toEqual(whole.usage);
    if (model === "sim-echo") expect(whole.choices[0]?.message.content).toBe(answer);
  });

  test("a stream whose client did not ask for usage shows no usage chunk", async () => {
    const stream = await openai.chat.completions.create({
      model: "sim-echo",
      messages: [user],
      stream: true,
    });
    let text = "";
    for await (const chunk of stream) {
      expect(chunk.choices).toHaveLength(1);
      text += chunk.choices[0]?.delta.content ?? "";
    }
    expect(text).toBe(answer);
  });

  test.each([false, true])(
    "a tool is offered, called and answered (streamed: %s)",
    async (streamed) => {
      const request = { model: "sim-tools", messages: [user], tools };
      const first = streamed
        ? await openai.chat.completions.stream(request).finalChatCompletion()
        : await openai.chat.completions.create(request);
      const call = first.choices[0]?.message.tool_calls?.[0];
      expect(call).toMatchObject({
        function: { name: "weather", arguments: '{"city":"simulator"}' },
      });
      const turn = { role: "assistant" as const, tool_calls: call === undefined ? [] : [call] };
      const result = { role: "tool" as const, tool_call_id: call?.id ?? "", content: "sunny" };
      const second = await openai.chat.completions.create({
        ...request,
        messages: [user, turn, result],
      });
      expect(second.choices[0]?.message.content).toBe(afterTool);
    },
  );

  test("lists the models", async () => {
    const ids = [];
    for await (const model of openai.models.list()) ids.push(model.id);
    expect(ids).toContain("sim-echo");
  });
});

describe("@anthropic-ai/sdk", () => {
  const tools = [{ name: "weather", input_schema: schema }];
  const base = { max_tokens: 100, messages: [user] };

  test.each(models)("%s answers alike, streamed or not", async (model) => {
    const whole = await anthropic.messages.create({ ...base, model });
    const streamed = await anthropic.messages.stream({ ...base, model }).finalMessage();
    expect(streamed.content).toEqual(whole.content);
    expect(streamed.usage).toMatchObject({
      input_tokens: whole.usage.input_tokens,
      output_tokens: whole.usage.output_tokens,
    });
  });

  test.each([false, true])(
    "a tool is offered, called and answered (streamed: %s)",
    async (streamed) => {
      const request = { ...base, model: "sim-tools", tools };
      const first = streamed
        ? await anthropic.messages.stream(request).finalMessage()
        : await anthropic.messages.create(request);
      const call = first.content.find((block) => block.type === "tool_use");
      expect(call).toMatchObject({ name: "weather", input: { city: "simulator" } });
      const result = {
        type: "tool_result" as const,
        tool_use_id: call?.type === "tool_use" ? call.id : "",
        content: "sunny",
      };
      const second = await anthropic.messages.create({
        ...request,
        messages: [
          user,
          { role: "assistant", content: first.content },
          { role: "user", content: [result] },
        ],
      });
      expect(second.content[0]).toMatchObject({ type: "text", text: afterTool });
    },
  );

  test("lists the models", async () => {
    const ids = [];
    for await (const model of anthropic.models.list()) ids.push(model.id);
    expect(ids).toContain("sim-echo");
  });
});

test("ClickHouse holds what the simulator billed, call by call and to the token", async () => {
  const billed = simulator.ledger.calls();
  await weir.stop();
  const { calls, decisions } = await readLedger(dataDir);
  const llmCalls = calls.filter((row) => row["operation"] !== "models");
  expect(calls.length - llmCalls.length).toBe(2);
  expect(billed.length).toBeGreaterThanOrEqual(27);
  expect(llmCalls).toHaveLength(billed.length);
  const byUpstreamId = new Map(llmCalls.map((row) => [row["upstream_request_id"], row]));
  for (const bill of billed) {
    const row = byUpstreamId.get(bill.id);
    expect(row, bill.id).toBeDefined();
    expect(tokensOf(row ?? {}), `${bill.dialect} ${bill.model}`).toEqual(bill.billed);
    expect(row).toMatchObject({
      outcome: "completed",
      effect: "allow",
      usage_source: "provider_final",
      stream_end: "complete",
      stream: bill.stream,
      model_requested: bill.model,
      cost_status: "priced",
    });
    expect(bill.credential.kind).toBe("none");
  }
  expect(decisions).toHaveLength(llmCalls.length);
  expect(new Set(decisions.map((row) => row["call_id"]))).toEqual(
    new Set(llmCalls.map((row) => row["id"])),
  );
});
