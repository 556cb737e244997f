import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { afterEach, expect, test } from "vitest";
import type { CallEvent } from "../contracts/call-event.ts";
import {
  startScriptedUpstream,
  writePackets,
  type ScriptedUpstream,
} from "./testing/start-scripted-upstream.ts";
import {
  allow,
  startTestProxy,
  testKey,
  type TestProxy,
  type TestProxyOptions,
} from "./testing/start-test-proxy.ts";

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).toReversed()) await cleanup();
});

type Answer = Parameters<typeof startScriptedUpstream>[0];

async function start(
  answer: Answer,
  options: Omit<TestProxyOptions, "upstreamUrl"> = {},
): Promise<{ upstream: ScriptedUpstream; proxy: TestProxy }> {
  const upstream = await startScriptedUpstream(answer);
  cleanups.push(() => upstream.close());
  const proxy = await startTestProxy({ ...options, upstreamUrl: upstream.url });
  cleanups.push(() => proxy.close());
  return { upstream, proxy };
}

const chat = { model: "m-1", messages: [{ role: "user", content: "hi" }] };
const messages = { ...chat, max_tokens: 10 };

function post(proxy: TestProxy, path: string, body: unknown, headers: Record<string, string> = {}) {
  return fetch(`${proxy.url}${path}`, {
    method: "POST",
    headers: { authorization: `Bearer ${testKey}`, "content-type": "application/json", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
}

const json = { "content-type": "application/json" };
const sse = { "content-type": "text/event-stream; charset=utf-8" };
const usage = '{"prompt_tokens":11,"completion_tokens":5,"total_tokens":16}';
const chatAnswer = `{"id":"c", "model":"m-1",\n "choices":[{"message":{"content":"日本 😀"}}],"usage": ${usage}}`;
const chatStream =
  'data: {"model":"m-1","choices":[{"delta":{"role":"assistant"}}],"usage":null}\n\n' +
  'data: {"model":"m-1","choices":[{"delta":{"content":"日本"}}],"usage":null}\r\n\r\n' +
  ": keep-alive\n\n" +
  `data: {"model":"m-1","choices":[],"usage":${usage}}\n\n` +
  "data: [DONE]\n\n";
const messagesStream =
  'event: message_start\ndata: {"type":"message_start","message":{"model":"m-1","usage":{"input_tokens":11,"output_tokens":1}}}\n\n' +
  'event: content_block_delta\ndata: {"type":"content_block_delta","delta":{"type":"text_delta","text":"é 😀"}}\n\n' +
  'event: message_delta\ndata: {"type":"message_delta","delta":{},"usage":{"output_tokens":5}}\n\n' +
  'event: message_stop\ndata: {"type":"message_stop"}\n\n';

const untouched = [
  {
    name: "a JSON answer",
    path: "/v1/chat/completions",
    body: chat,
    head: json,
    bytes: chatAnswer,
  },
  {
    name: "a chat stream",
    path: "/v1/chat/completions",
    body: { ...chat, stream: true, stream_options: { include_usage: true } },
    head: sse,
    bytes: chatStream,
  },
  {
    name: "a Messages stream",
    path: "/v1/messages",
    body: { ...messages, stream: true },
    head: sse,
    bytes: messagesStream,
  },
];

test.each(untouched)(
  "$name arrives byte for byte and is metered alike, wherever its packets are cut",
  async ({ path, body, head, bytes }) => {
    const whole = Buffer.from(bytes);
    let cut = 0;
    const { proxy } = await start(async (_request, response) => {
      response.writeHead(200, head);
      const packets = [whole.subarray(0, cut), whole.subarray(cut)];
      await writePackets(
        response,
        packets.filter((packet) => packet.length > 0),
      );
      response.end();
    });
    for (cut = 0; cut < whole.length; cut += 1) {
      const response = await post(proxy, path, body);
      const received = Buffer.from(await response.arrayBuffer());
      expect(received.equals(whole), `cut at ${cut}`).toBe(true);
    }
    const calls = await proxy.recorded(whole.length);
    for (const call of calls) {
      expect(call).toMatchObject({ outcome: "completed", status: 200 });
      expect(call.usage).toMatchObject({
        tokens: { inputUncached: 11, outputVisible: 5 },
        source: "provider_final",
        streamEnd: "complete",
      });
    }
    expect(calls).toHaveLength(whole.length);
  },
);

test("the usage chunk that only Weir asked for is taken out, wherever its packets are cut", async () => {
  const whole = Buffer.from(chatStream);
  const expected = chatStream.replace(/data: \{"model":"m-1","choices":\[\],.*\n\n/, "");
  let cut = 0;
  const { proxy, upstream } = await start(async (_request, response) => {
    response.writeHead(200, sse);
    await writePackets(
      response,
      [whole.subarray(0, cut), whole.subarray(cut)].filter((p) => p.length),
    );
    response.end();
  });
  for (cut = 0; cut < whole.length; cut += 1) {
    const response = await post(proxy, "/v1/chat/completions", { ...chat, stream: true });
    expect(await response.text(), `cut at ${cut}`).toBe(expected);
  }
  expect(expected).not.toContain(usage);
  expect(JSON.parse(upstream.requests[0]?.body ?? "")).toEqual({
    ...chat,
    stream: true,
    stream_options: { include_usage: true },
  });
  for (const call of proxy.calls) expect(call.usage.tokens?.inputUncached).toBe(11);
});

test("the request goes upstream byte for byte, with the provider's key and never the client's", async () => {
  const { proxy, upstream } = await start((_request, response) => {
    response.writeHead(200, json).end(chatAnswer);
  });
  const body = '{ "model": "m-1","messages":[],"temperature":1.0, "x": 12345678901234567890 }\n';
  await post(proxy, "/v1/messages?beta=true", body, {
    "anthropic-beta": "a,b",
    "x-api-key": testKey,
  });
  expect(upstream.requests[0]).toMatchObject({
    path: "/v1/messages?beta=true",
    body,
    headers: { "anthropic-beta": "a,b", "x-api-key": "sk-upstream", "accept-encoding": "identity" },
  });
  expect(JSON.stringify(upstream.requests[0])).not.toContain(testKey);
});

test("no client sees an answer complete before its call is in the spool", async () => {
  const gate = Promise.withResolvers<void>();
  const asked = Promise.withResolvers<void>();
  const { proxy } = await start(
    (_request, response) => {
      response.writeHead(200, sse).end(messagesStream);
    },
    {
      beforeRecord: async () => {
        asked.resolve();
        await gate.promise;
      },
    },
  );
  const response = await post(proxy, "/v1/messages", { ...messages, stream: true });
  const reader = response.body?.getReader();
  const first = await reader?.read();
  const seen = Buffer.from(first?.value ?? []).toString();
  expect(seen).toContain("content_block_delta");
  expect(seen).not.toContain("message_stop");
  await asked.promise;
  const rest = reader?.read();
  expect(await Promise.race([rest, Promise.resolve("still held")])).toBe("still held");
  gate.resolve();
  expect(Buffer.from((await rest)?.value ?? []).toString()).toContain("message_stop");
});

test.each([
  ["JSON", "/v1/chat/completions", chat, 503],
  ["a stream", "/v1/messages", { ...messages, stream: true }, 200],
])(
  "an answer (%s) whose row cannot be written never looks complete",
  async (_kind, path, body, status) => {
    const { proxy } = await start(
      (request, response) => {
        const streamed = request.path === "/v1/messages";
        response.writeHead(200, streamed ? sse : json).end(streamed ? messagesStream : chatAnswer);
      },
      { beforeRecord: () => Promise.reject(new Error("disk full")) },
    );
    const response = await post(proxy, path, body);
    expect(response.status).toBe(status);
    const text = await response.text();
    expect(text).toContain("WEIR_SPOOL_FULL");
    expect(text).not.toContain("message_stop");
    expect(proxy.failures).toContain("call could not be recorded");
  },
);

test("a full spool refuses calls before the provider is asked", async () => {
  const { proxy, upstream } = await start(() => {}, { hasRoom: () => false });
  const response = await post(proxy, "/v1/messages", messages);
  expect(response.status).toBe(503);
  expect(response.headers.get("retry-after")).toBe("2");
  expect(upstream.requests).toEqual([]);
  expect((await proxy.recorded(1))[0]).toMatchObject({ outcome: "unavailable" });
});

test("an upstream that dies inside a JSON body becomes a clean 502 in the caller's dialect", async () => {
  const { proxy } = await start(async (_request, response) => {
    response.writeHead(200, { ...json, "content-length": "500" });
    await writePackets(response, [Buffer.from(chatAnswer.slice(0, 20))]);
    response.destroy();
  });
  const response = await post(proxy, "/v1/chat/completions", chat);
  expect(response.status).toBe(502);
  expect(await response.json()).toMatchObject({ error: { code: "weir_upstream_died" } });
  expect(await proxy.recorded(1)).toEqual([
    expect.objectContaining({
      outcome: "upstream_died",
      errorCode: "WEIR_UPSTREAM_DIED",
      status: 502,
    }),
  ]);
});

test("an upstream that dies inside a stream ends it with the dialect's error event", async () => {
  const cut = messagesStream.indexOf("event: message_delta") + 30;
  const { proxy } = await start(async (_request, response) => {
    response.writeHead(200, sse);
    await writePackets(response, [Buffer.from(messagesStream.slice(0, cut))]);
    response.destroy();
  });
  const response = await post(proxy, "/v1/messages", { ...messages, stream: true });
  const events = (await response.text()).trimEnd().split("\n\n");
  expect(events.at(-1)).toMatch(/^event: error\ndata: .*WEIR_UPSTREAM_DIED/);
  expect(events.at(-2)).toContain("content_block_delta");
  expect((await proxy.recorded(1))[0]).toMatchObject({
    outcome: "upstream_died",
    usage: {
      source: "provider_partial",
      streamEnd: "upstream_error",
      tokens: { inputUncached: 11 },
    },
  });
});

test("a stream that closes in good order but without its last event is not taken for complete", async () => {
  const { proxy } = await start((_request, response) => {
    response
      .writeHead(200, sse)
      .end(messagesStream.slice(0, messagesStream.indexOf("event: message_stop")));
  });
  const response = await post(proxy, "/v1/messages", { ...messages, stream: true });
  expect(await response.text()).toContain("event: error");
  expect((await proxy.recorded(1))[0]?.outcome).toBe("upstream_died");
});

test("an upstream's error passes unchanged and is billed to nobody", async () => {
  const body = '{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}';
  const { proxy } = await start((_request, response) => {
    response.writeHead(529, { ...json, "request-id": "req_9", "retry-after": "7" }).end(body);
  });
  const response = await post(proxy, "/v1/messages", messages);
  expect(response.status).toBe(529);
  expect(response.headers.get("retry-after")).toBe("7");
  expect(await response.text()).toBe(body);
  expect((await proxy.recorded(1))[0]).toMatchObject({
    outcome: "upstream_error",
    upstreamStatus: 529,
    upstreamRequestId: "req_9",
    usage: { source: "missing", tokens: null },
    cost: { status: "not_billed", microUsd: null },
  });
});

test("an upstream that cannot be reached is a 502, one that is silent a 504", async () => {
  const { proxy, upstream } = await start(() => {}, { limits: { firstByteTimeoutMs: 300 } });
  const silent = await post(proxy, "/v1/chat/completions", chat);
  expect(silent.status).toBe(504);
  await upstream.close();
  cleanups.shift();
  const gone = await post(proxy, "/v1/chat/completions", chat);
  expect(gone.status).toBe(502);
  expect((await proxy.recorded(2)).map(({ outcome }) => outcome)).toEqual([
    "timeout",
    "upstream_error",
  ]);
});

test("a client that hangs up in mid-stream aborts the upstream and leaves one row", async () => {
  const upstreamClosed = Promise.withResolvers<void>();
  const { proxy } = await start(async (_request, response) => {
    response.once("close", () => upstreamClosed.resolve());
    response.writeHead(200, sse);
    await writePackets(response, [Buffer.from(messagesStream.slice(0, 200))]);
  });
  const aborter = new AbortController();
  const response = await fetch(`${proxy.url}/v1/messages`, {
    method: "POST",
    headers: { "x-api-key": testKey },
    body: JSON.stringify({ ...messages, stream: true }),
    signal: aborter.signal,
  });
  await response.body?.getReader().read();
  aborter.abort();
  await upstreamClosed.promise;
  expect(await proxy.recorded(1)).toEqual([
    expect.objectContaining<Partial<CallEvent>>({ outcome: "client_abort", status: 200 }),
  ]);
});

test("a client that hangs up inside its own request leaves one row and asks no provider", async () => {
  const { proxy, upstream } = await start(() => {});
  const { hostname, port } = new URL(proxy.url);
  const socket = connect(Number(port), hostname);
  socket.write(
    `POST /v1/messages HTTP/1.1\r\nHost: x\r\nx-api-key: ${testKey}\r\nContent-Length: 100\r\n\r\n{"model"`,
    () => socket.destroy(),
  );
  expect((await proxy.recorded(1))[0]).toMatchObject({ outcome: "client_abort", status: 0 });
  expect(upstream.requests).toEqual([]);
});

test("a body over the limit is refused, declared or chunked, and the connection stays usable", async () => {
  const { proxy, upstream } = await start(() => {});
  const large = JSON.stringify({ ...messages, system: "x".repeat(70_000) });
  const declared = await post(proxy, "/v1/messages", large);
  expect(declared.status).toBe(413);
  expect(await declared.json()).toMatchObject({ error: { type: "request_too_large" } });
  const status = await new Promise((resolve, reject) => {
    const request = httpRequest(`${proxy.url}/v1/messages`, {
      method: "POST",
      headers: { "x-api-key": testKey, "transfer-encoding": "chunked" },
    });
    request.once("response", (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    request.once("error", reject);
    request.end(large);
  });
  expect(status).toBe(413);
  expect(upstream.requests).toEqual([]);
  expect((await proxy.recorded(2)).map(({ outcome }) => outcome)).toEqual([
    "too_large",
    "too_large",
  ]);
});

test("obligations change only what they name", async () => {
  const { proxy, upstream } = await start(
    (_request, response) => {
      response.writeHead(200, json).end(chatAnswer);
    },
    {
      policy: {
        ...allow,
        obligations: [
          { type: "cap_max_tokens", maxTokens: 7 },
          { type: "set_model", model: "m-2" },
        ],
      },
    },
  );
  const body = '{"max_tokens":  100 ,"messages":[ ], "model":"m-1","x":1.0}';
  await post(proxy, "/v1/chat/completions", body);
  expect(upstream.requests[0]?.body).toBe('{"max_tokens":7,"messages":[ ], "model":"m-2","x":1.0}');
  expect((await proxy.recorded(1))[0]).toMatchObject({
    modelRequested: "m-1",
    modelResolved: "m-2",
    decision: { effect: "allow", obligations: [{ type: "cap_max_tokens" }, { type: "set_model" }] },
  });
});

test("a policy that fails denies, and its failure stays out of the answer", async () => {
  const { proxy, upstream } = await start(() => {}, {
    policy: () => {
      throw new Error("secret detail of the policy");
    },
  });
  const response = await post(proxy, "/v1/messages", messages);
  expect(response.status).toBe(402);
  expect(response.headers.get("x-weir-decision-id")).toBe(proxy.decisions[0]?.decision.id);
  expect(await response.text()).not.toContain("secret");
  expect(upstream.requests).toEqual([]);
  expect(proxy.decisions[0]?.decision).toMatchObject({
    effect: "deny",
    rules: [expect.objectContaining({ id: expect.stringMatching(/^runtime_error:/) })],
  });
});
