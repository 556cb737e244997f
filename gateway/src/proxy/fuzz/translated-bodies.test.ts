import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { JsonObject } from "../dialects/json-body.ts";
import { type Simulator, startSimulator } from "../../simulator/server.ts";
import { startTestProxy, type TestProxy } from "../testing/start-test-proxy.ts";
import { mutated, mutation } from "./testing/mutated-json.ts";
import { badInput, told } from "./testing/start-fuzzed.ts";

let simulator: Simulator;
const proxies = new Map<string, TestProxy>();
beforeAll(async () => {
  simulator = await startSimulator();
  for (const dialect of ["openai", "anthropic", "gemini"] as const) {
    const baseUrl = dialect === "openai" ? `${simulator.url}/v1` : simulator.url;
    const provider = { name: "test", dialect, baseUrl, models: ["*"], prices: {} };
    proxies.set(dialect, await startTestProxy({ upstreamUrl: "", providers: [provider] }));
  }
});
afterAll(async () => {
  for (const proxy of proxies.values()) await proxy.close();
  await simulator.close();
});

/** Bodies of which every member can be carried over: one that cannot would hide all others. */
const schema = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const chat: JsonObject = {
  model: "sim-tools",
  messages: [
    { role: "system", content: "Be short." },
    { role: "user", content: [{ type: "text", text: "Weather in 東京? 😀" }] },
    {
      role: "assistant",
      content: "Let me see.",
      tool_calls: [
        {
          id: "call_1",
          type: "function",
          function: { name: "weather", arguments: '{"city":"Oslo"}' },
        },
      ],
    },
    { role: "tool", tool_call_id: "call_1", content: "rain" },
  ],
  tools: [
    { type: "function", function: { name: "weather", description: "d", parameters: schema } },
  ],
  tool_choice: "auto",
  max_tokens: 40,
  temperature: 0.7,
  stop: ["END"],
};
const messages: JsonObject = {
  model: "sim-tools",
  max_tokens: 40,
  system: [{ type: "text", text: "Be short." }],
  messages: [
    { role: "user", content: [{ type: "text", text: "Weather in 東京? 😀" }] },
    {
      role: "assistant",
      content: [
        { type: "text", text: "Let me see." },
        { type: "tool_use", id: "toolu_1", name: "weather", input: { city: "Oslo" } },
      ],
    },
    { role: "user", content: [{ type: "tool_result", tool_use_id: "toolu_1", content: "rain" }] },
  ],
  tools: [{ name: "weather", description: "d", input_schema: schema }],
  tool_choice: { type: "auto" },
  temperature: 0.7,
  stop_sequences: ["END"],
};

const ways: readonly (readonly [path: string, to: string, body: JsonObject])[] = [
  ["/v1/chat/completions", "anthropic", chat],
  ["/v1/chat/completions", "gemini", chat],
  ["/v1/messages", "openai", messages],
];
const carried = ways.flatMap(([path, to, body]) =>
  [false, true].map((stream) => [path, to, stream, body] as const),
);

test.each(carried)(
  "%s with any one member changed, carried to %s, streamed: %s, has an answer and one row",
  async (path, to, stream, body) => {
    const proxy = proxies.get(to);
    if (proxy === undefined) throw new Error("there is no proxy");
    const counts = { served: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(mutation, async (change) => {
        const changed = Buffer.from(mutated({ ...body, stream }, change));
        const headers = { "content-type": "application/json" };
        const { status, row } = await told(proxy, { method: "POST", path, headers, body: changed });
        expect([200, ...badInput]).toContain(status);
        expect(["completed", "invalid_request", "upstream_error"]).toContain(row.outcome);
        counts[status === 200 ? "served" : "refused"] += 1;
      }),
      { numRuns: 100, seed: 4 },
    );
    expect(counts.served).toBeGreaterThan(10);
    expect(counts.refused).toBeGreaterThan(10);
  },
  30_000,
);
