import { afterEach, describe, expect, test } from "vitest";
import { startSimulator } from "../../simulator/server.ts";
import { connect } from "../testing/socket-client.ts";
import { startTestProxy, type TestProxyOptions } from "../testing/start-test-proxy.ts";

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

async function start(options: Partial<TestProxyOptions> = {}) {
  const simulator = await startSimulator();
  cleanups.push(() => simulator.close());
  const proxy = await startTestProxy({
    upstreamUrl: simulator.url,
    providers: [
      {
        name: "test",
        dialect: "openai",
        baseUrl: `${simulator.url}/v1`,
        models: ["*"],
        prices: { "*": { input: 1, output: 2 } },
        webSocket: true,
      },
    ],
    ...options,
  });
  cleanups.push(() => proxy.close());
  return { simulator, proxy };
}

const ask = (model: string, more: object = {}) => ({
  type: "response.create",
  model,
  store: false,
  input: [{ type: "message", role: "user", content: "say hi" }],
  ...more,
});

describe("against the simulator", () => {
  test("a response arrives as the provider tells it, and its row agrees with the provider's bill", async () => {
    const { simulator, proxy } = await start();
    const client = await connect(proxy.url);
    client.send(ask("gpt-x"));
    const events = await client.ended(1);
    expect(events.map(({ type }) => type)).toContain("response.output_text.delta");
    expect(events.at(-1)).toMatchObject({ type: "response.completed" });
    const [row] = await proxy.recorded(1);
    expect(row).toMatchObject({
      dialect: "openai-responses",
      operation: "responses",
      outcome: "completed",
      status: 200,
      usage: { source: "provider_final", streamEnd: "complete" },
    });
    expect(row?.usage.tokens).toEqual(simulator.ledger.calls()[0]?.billed);
  });
});
