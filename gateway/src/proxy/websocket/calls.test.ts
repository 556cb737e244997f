import { expect, test } from "vitest";
import { allow } from "../testing/start-test-proxy.ts";
import {
  answersAll,
  ask,
  completed,
  created,
  delta,
  say,
  withScript,
  withSimulator,
} from "./testing/serve-sockets.ts";
import { connect } from "./testing/socket-client.ts";

test("a response's row agrees with the provider's bill", async () => {
  const { simulator, proxy } = await withSimulator();
  const client = await connect(proxy.url);
  client.send(ask("sim-cached-reasoning"));
  const events = await client.ended(1);
  expect(events.map(({ type }) => type)).toContain("response.output_text.delta");
  expect(events.at(-1)).toMatchObject({ type: "response.completed" });
  const [row] = await proxy.recorded(1);
  const [billed] = simulator.ledger.calls();
  expect(row).toMatchObject({
    dialect: "openai-responses",
    operation: "responses",
    provider: "test",
    modelRequested: "sim-cached-reasoning",
    stream: true,
    auxiliary: false,
    outcome: "completed",
    status: 200,
    upstreamStatus: 200,
    attempts: 1,
    usage: { source: "provider_final", streamEnd: "complete", tokens: billed?.billed },
    cost: { status: "priced" },
  });
  expect(billed?.credential).not.toContain("weir_");
  expect(proxy.decisions.map(({ call }) => call?.operation)).toEqual([
    "responses.websocket",
    "responses",
  ]);
});

test("messages reach the client, and frames the provider, byte for byte", async () => {
  const { upstream, proxy } = await withScript(answersAll());
  const client = await connect(proxy.url);
  const frame = `{"type": "response.create", "model":"m-1","input":"h\\u00e9",\n "temperature":1.0}`;
  client.send(frame);
  await client.ended(1);
  expect(upstream.frames).toEqual([frame]);
  expect(client.texts).toEqual([created("resp_1"), delta("日本 😀"), completed("resp_1")]);
});

test("one socket carries many responses in turn, over one socket to the provider", async () => {
  const { upstream, proxy } = await withScript(answersAll());
  const client = await connect(proxy.url);
  for (let turn = 0; turn < 3; turn += 1) client.send(ask("m-1", { turn }));
  const events = await client.ended(3);
  expect(events).toHaveLength(9);
  const rows = await proxy.recorded(3);
  expect(new Set(rows.map(({ id }) => id)).size).toBe(3);
  expect(rows.every(({ outcome }) => outcome === "completed")).toBe(true);
  expect(upstream.upgrades).toHaveLength(1);
});

test("what the provider keeps on its socket alone can be built on", async () => {
  const { proxy } = await withSimulator();
  const client = await connect(proxy.url);
  client.send(ask("gpt-x"));
  const [first] = await client.ended(1);
  client.send(ask("gpt-x", { previous_response_id: idOf(first) }));
  const events = await client.ended(2);
  expect(events.at(-1)).toMatchObject({
    type: "response.completed",
    response: { previous_response_id: idOf(first) },
  });
});

test("a prewarming is decided on and recorded, but is neither the person's work nor billed", async () => {
  const { simulator, proxy } = await withSimulator();
  const client = await connect(proxy.url);
  client.send(ask("gpt-x", { generate: false }));
  const [first] = await client.ended(1);
  client.send(ask("gpt-x", { previous_response_id: idOf(first) }));
  await client.ended(2);
  const [warm, real] = await proxy.recorded(2);
  expect(warm).toMatchObject({
    auxiliary: true,
    outcome: "completed",
    decision: { effect: "allow" },
    cost: { status: "not_billed" },
  });
  expect(real).toMatchObject({ auxiliary: false, cost: { status: "priced" } });
  expect(real?.usage.tokens).toEqual(simulator.ledger.calls()[1]?.billed);
});

test("a provider that generates all the same makes a prewarming an ordinary, billed call", async () => {
  const { proxy } = await withScript(answersAll());
  const client = await connect(proxy.url);
  client.send(ask("m-1", { generate: false }));
  await client.ended(1);
  expect(await proxy.recorded(1)).toMatchObject([
    { auxiliary: false, cost: { status: "priced", microUsd: 11 - 3 + 10 + 3 } },
  ]);
});

test("tools are offered to policy and tool calls counted", async () => {
  const { proxy } = await withSimulator();
  const client = await connect(proxy.url);
  const tools = [{ type: "function", name: "echo", parameters: { type: "object" } }];
  client.send(ask("sim-tools", { tools }));
  const events = await client.ended(1);
  expect(events.map(({ type }) => type)).toContain("response.function_call_arguments.done");
  expect(await proxy.recorded(1)).toMatchObject([
    { toolNames: ["echo"], features: { toolCallCount: 1 } },
  ]);
  expect(proxy.decisions.at(-1)?.call?.toolNames).toEqual(["echo"]);
});

test("obligations and aliases change only what they must", async () => {
  const { upstream, proxy } = await withScript(answersAll(), {
    aliases: [
      {
        name: "smart",
        strategy: "ordered",
        targets: [{ provider: "test", model: "m-9", weight: 1 }],
      },
    ],
    policy: {
      ...allow,
      obligations: [
        { type: "cap_max_tokens", maxTokens: 50 },
        { type: "strip_tools", tools: ["rm"] },
      ],
    },
  });
  const client = await connect(proxy.url);
  client.send(
    '{"type":"response.create","model":"smart" ,"input":"a","tools":[{"type":"function","name":"rm"}],"temperature":1.0}',
  );
  await client.ended(1);
  expect(upstream.frames[0]).toContain('"temperature":1.0');
  expect(JSON.parse(upstream.frames[0] ?? "")).toEqual({
    type: "response.create",
    model: "m-9",
    input: "a",
    temperature: 1,
    max_output_tokens: 50,
  });
  expect(await proxy.recorded(1)).toMatchObject([
    { modelRequested: "smart", modelResolved: "m-9" },
  ]);
});

test("the client's headers go to the provider, its credential and handshake do not", async () => {
  const { upstream, proxy } = await withScript(answersAll());
  const client = await connect(proxy.url, {
    perMessageDeflate: true,
    headers: {
      "openai-beta": "responses_websockets=2026-02-06",
      "session-id": "s-1",
      "x-weir-secret": "no",
      "openai-organization": "org-x",
    },
  });
  expect(client.socket.extensions).toBe("");
  client.send(ask("m-1"));
  await client.ended(1);
  const headers = upstream.upgrades[0]?.headers;
  expect(headers).toMatchObject({
    authorization: "Bearer sk-upstream",
    "openai-beta": "responses_websockets=2026-02-06",
    "session-id": "s-1",
  });
  expect(headers).not.toHaveProperty("x-weir-secret");
  expect(headers).not.toHaveProperty("openai-organization");
  expect(headers).not.toHaveProperty("sec-websocket-extensions");
  expect(await proxy.recorded(1)).toMatchObject([{ asserted: { sessionId: "s-1" } }]);
});

test("two sockets do not share a provider's socket, nor each other's messages", async () => {
  const { upstream, proxy } = await withScript({
    onFrame: ({ metadata }, socket) =>
      say(socket, created(String(metadata)), completed(String(metadata))),
  });
  const clients = await Promise.all([connect(proxy.url), connect(proxy.url)]);
  for (const [index, client] of clients.entries()) {
    client.send(ask("m-1", { metadata: `resp_of_${index}` }));
  }
  for (const [index, client] of clients.entries()) {
    await client.ended(1);
    expect(client.texts).toEqual([created(`resp_of_${index}`), completed(`resp_of_${index}`)]);
  }
  expect(upstream.upgrades).toHaveLength(2);
});

test("a frame of a megabyte passes whole", async () => {
  const { upstream, proxy } = await withScript(answersAll(), {
    limits: { maxBodyBytes: 2_097_152 },
    maxBodyBytesInMemory: 8_388_608,
  });
  const client = await connect(proxy.url);
  const frame = JSON.stringify(ask("m-1", { instructions: "é".repeat(524_288) }));
  client.send(frame);
  await client.ended(1);
  expect(upstream.frames[0]).toBe(frame);
  const [row] = await proxy.recorded(1);
  expect(row?.requestBytes).toBe(Buffer.byteLength(frame));
});

test("lanes run at once, each in its own order, and their messages are told apart", async () => {
  const onLane = (text: string, lane: unknown) =>
    `{"stream_id":${JSON.stringify(lane)},${text.slice(1)}`;
  const waiting = new Map<unknown, () => void>();
  const { proxy } = await withScript({
    onFrame: ({ stream_id: lane, metadata }, socket) => {
      const id = `resp_${String(metadata)}`;
      socket.send(onLane(created(id), lane));
      waiting.set(metadata, () => socket.send(onLane(completed(id), lane)));
    },
  });
  const client = await connect(proxy.url);
  client.send(ask("m-1", { stream_id: "a", metadata: "a1" }));
  client.send(ask("m-1", { stream_id: "a", metadata: "a2" }));
  client.send(ask("m-1", { stream_id: "b", metadata: "b1" }));
  await expect.poll(() => new Set(waiting.keys())).toEqual(new Set(["a1", "b1"]));
  waiting.get("b1")?.();
  await client.ended(1);
  waiting.get("a1")?.();
  await expect.poll(() => [...waiting.keys()].at(-1)).toBe("a2");
  waiting.get("a2")?.();
  await client.ended(3);
  const rows = await proxy.recorded(3);
  expect(rows.every(({ outcome }) => outcome === "completed")).toBe(true);
  expect(client.texts.filter((text) => text.includes("completed"))).toEqual([
    onLane(completed("resp_b1"), "b"),
    onLane(completed("resp_a1"), "a"),
    onLane(completed("resp_a2"), "a"),
  ]);
});

function idOf(event: Record<string, unknown> | undefined): unknown {
  const response: unknown = event?.["response"];
  return typeof response === "object" && response !== null && "id" in response ? response.id : null;
}
