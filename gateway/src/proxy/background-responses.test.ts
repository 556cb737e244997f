import { afterEach, beforeEach, expect, test } from "vitest";
import { startSimulator, type Simulator } from "../simulator/server.ts";
import { startScriptedUpstream } from "./testing/start-scripted-upstream.ts";
import { startTestProxy, testKey, type TestProxy } from "./testing/start-test-proxy.ts";

let simulator: Simulator;
let proxy: TestProxy;

beforeEach(async () => {
  simulator = await startSimulator();
  proxy = await startTestProxy({ upstreamUrl: simulator.url });
});

afterEach(async () => {
  await proxy.close();
  await simulator.close();
});

async function call(method: string, path: string, body?: object): Promise<{ id: string }> {
  const response = await fetch(`${proxy.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${testKey}`, "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  expect(response.status).toBe(200);
  const answer: { id: string } = JSON.parse(await response.text());
  return answer;
}

test("a background response is billed once, with the first call that fetches its usage", async () => {
  const asked = { model: "sim-echo", input: "hello", background: true };
  const { id } = await call("POST", "/v1/responses", asked);
  for (let poll = 0; poll < 4; poll += 1) await call("GET", `/v1/responses/${id}`);
  const [made, ...polls] = await proxy.recorded(5);
  expect(made).toMatchObject({ operation: "responses", usage: { source: "missing" } });
  const billed = polls.filter(({ usage }) => usage.tokens !== null);
  expect(billed).toHaveLength(1);
  const bill = simulator.ledger.calls().find((entry) => entry.billed?.inputUncached);
  expect(billed[0]?.usage).toMatchObject({ source: "provider_final", tokens: bill?.billed });
  expect(billed[0]?.cost.status).toBe("priced");
  for (const poll of polls.filter((one) => one !== billed[0])) {
    expect(poll).toMatchObject({ outcome: "completed", cost: { status: "not_billed" } });
  }
});

test("a response that told its usage is not billed again when it is fetched", async () => {
  const { id } = await call("POST", "/v1/responses", { model: "sim-echo", input: "hello" });
  await call("GET", `/v1/responses/${id}`);
  const [made, fetched] = await proxy.recorded(2);
  expect(made?.usage.source).toBe("provider_final");
  expect(fetched).toMatchObject({
    operation: "responses.retrieve",
    usage: { tokens: null },
    cost: { status: "not_billed" },
  });
});

test("a response whose stream broke off is estimated, and not billed again when it is fetched", async () => {
  const upstream = await startScriptedUpstream((request, response) => {
    const answer = { id: "resp_cut", object: "response", model: "m", status: "completed" };
    if (request.path.endsWith("/resp_cut")) {
      const usage = { input_tokens: 5, output_tokens: 2, total_tokens: 7 };
      const stored = JSON.stringify({ ...answer, background: true, output: [], usage });
      response.writeHead(200, { "content-type": "application/json" }).end(stored);
      return;
    }
    const begun = { ...answer, status: "in_progress" };
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(sseEvent({ type: "response.created", response: begun }));
    response.write(sseEvent({ type: "response.output_text.delta", delta: "half an answer" }), () =>
      response.destroy(),
    );
  });
  const cutting = await startTestProxy({ upstreamUrl: upstream.url });
  try {
    const headers = { authorization: `Bearer ${testKey}`, "content-type": "application/json" };
    const body = JSON.stringify({ model: "m", input: "hello", stream: true });
    const streamed = await fetch(`${cutting.url}/v1/responses`, { method: "POST", headers, body });
    await streamed.text();
    const fetched = await fetch(`${cutting.url}/v1/responses/resp_cut`, { headers });
    expect(await fetched.json()).toMatchObject({ usage: { total_tokens: 7 } });
    const [made, later] = await cutting.recorded(2);
    expect(made?.usage).toMatchObject({ source: "estimated", streamEnd: "upstream_error" });
    expect(later).toMatchObject({ usage: { tokens: null }, cost: { status: "not_billed" } });
  } finally {
    await cutting.close();
    await upstream.close();
  }
});

function sseEvent(event: { type: string; [member: string]: unknown }): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
