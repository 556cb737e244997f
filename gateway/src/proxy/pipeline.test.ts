import { gzipSync } from "node:zlib";
import { connect } from "node:net";
import { request as httpRequest } from "node:http";
import { expect, test } from "vitest";
import type { CallEvent } from "../contracts/call-event.ts";
import {
  chat,
  messages,
  json,
  sse,
  chatAnswer,
  messagesStream,
  start,
  post,
} from "./testing/serve.ts";
import { writePackets } from "./testing/start-scripted-upstream.ts";
import { allow, testKey } from "./testing/start-test-proxy.ts";

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
      source: "estimated",
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

test("request bodies of all calls together are bounded, and what ended makes room again", async () => {
  const release = Promise.withResolvers<void>();
  const arrived = Promise.withResolvers<void>();
  const { proxy } = await start(
    async (_request, response) => {
      arrived.resolve();
      await release.promise;
      response.writeHead(200, json).end(chatAnswer);
    },
    { maxBodyBytesInMemory: 40_000 },
  );
  const large = { ...chat, pad: "x".repeat(30_000) };
  const first = post(proxy, "/v1/chat/completions", large);
  await arrived.promise;
  const second = await post(proxy, "/v1/chat/completions", large);
  expect(second.status).toBe(503);
  expect(await second.text()).toContain("WEIR_OVERLOADED");
  release.resolve();
  expect((await first).status).toBe(200);
  await (await first).arrayBuffer();
  await proxy.recorded(2);
  const third = await post(proxy, "/v1/chat/completions", large);
  expect(third.status).toBe(200);
});

test("an answer that comes compressed all the same is undone and metered", async () => {
  const compressed = gzipSync(messagesStream);
  const { proxy } = await start((_request, response) => {
    response.writeHead(200, { ...sse, "content-encoding": "gzip" }).end(compressed);
  });
  const response = await post(proxy, "/v1/messages", { ...messages, stream: true });
  expect(await response.text()).toBe(messagesStream);
  expect((await proxy.recorded(1))[0]).toMatchObject({
    outcome: "completed",
    responseBytes: Buffer.byteLength(messagesStream),
    usage: { source: "provider_final" },
    cost: { status: "priced" },
  });
});

test("a call that policy pins to a provider which is not there is denied, not sent elsewhere", async () => {
  const { proxy, upstream } = await start(() => {}, {
    policy: { ...allow, obligations: [{ type: "pin_provider", providers: ["elsewhere"] }] },
  });
  const response = await post(proxy, "/v1/chat/completions", chat);
  expect(response.status).toBe(403);
  expect(upstream.requests).toEqual([]);
  expect((await proxy.recorded(1))[0]).toMatchObject({ outcome: "denied", attempts: 0 });
});
