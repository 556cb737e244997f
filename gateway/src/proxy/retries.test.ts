import { expect, test } from "vitest";
import {
  chat,
  chatAnswer,
  json,
  messages,
  messagesStream,
  post,
  sse,
  start,
} from "./testing/serve.ts";
import { writePackets } from "./testing/start-scripted-upstream.ts";
import { testKey } from "./testing/start-test-proxy.ts";

const path = "/v1/chat/completions";
const nowMs = Date.UTC(2026, 10, 23, 12);
const error = '{"error":{"message":"overloaded"}}';

/** A provider that answers with these in turn, the last one again and again; and all pauses. */
async function startFailing(
  answers: readonly { status: number; headers?: Record<string, string>; body?: string }[],
  routing: object = {},
) {
  const pausesMs: number[] = [];
  let count = 0;
  const { proxy, upstream } = await start(
    (_request, response) => {
      const answer = answers[Math.min(count, answers.length - 1)];
      count += 1;
      const status = answer?.status ?? 200;
      const body = answer?.body ?? (status === 200 ? chatAnswer : error);
      response.writeHead(status, { ...json, ...answer?.headers }).end(body);
    },
    {
      routing: { retries: 2, backoffMs: 100, maxBackoffMs: 2_000, ...routing },
      clock: {
        nowMs: () => nowMs,
        random: () => 0.5,
        sleep: async (ms) => {
          pausesMs.push(ms);
        },
      },
    },
  );
  return { proxy, upstream, pausesMs };
}

test("a provider that recovers is asked again, with longer pauses, and each attempt is on the row", async () => {
  const { proxy, upstream, pausesMs } = await startFailing([
    { status: 503 },
    { status: 529 },
    { status: 200 },
  ]);
  const response = await post(proxy, path, chat);
  expect(response.status).toBe(200);
  expect(await response.text()).toBe(chatAnswer);
  expect(pausesMs).toEqual([50, 100]);
  expect(new Set(upstream.requests.map(({ body }) => body))).toEqual(
    new Set([JSON.stringify(chat)]),
  );
  const failed = (status: number) =>
    expect.objectContaining({
      provider: "test",
      model: "m-1",
      status,
      errorCode: "",
      usage: expect.objectContaining({ source: "missing", streamEnd: "upstream_error" }),
      cost: expect.objectContaining({ status: "not_billed", microUsd: null }),
    });
  expect((await proxy.recorded(1))[0]).toMatchObject({
    outcome: "completed",
    attempts: 3,
    failedAttempts: [failed(503), failed(529)],
    usage: { source: "provider_final", tokens: { inputUncached: 11 } },
    cost: { status: "priced" },
  });
  expect(proxy.decisions).toHaveLength(1);
});

test("when the retries are used up, the last answer is shown as it came", async () => {
  const { proxy, upstream, pausesMs } = await startFailing([
    { status: 500 },
    { status: 503, headers: { "x-last": "yes" } },
  ]);
  const response = await post(proxy, path, chat);
  expect(response.status).toBe(503);
  expect(response.headers.get("x-last")).toBe("yes");
  expect(await response.text()).toBe(error);
  expect(upstream.requests).toHaveLength(3);
  expect(pausesMs).toHaveLength(2);
  expect((await proxy.recorded(1))[0]).toMatchObject({
    outcome: "upstream_error",
    upstreamStatus: 503,
    attempts: 3,
    failedAttempts: [{ status: 500 }, { status: 503 }],
  });
});

test.each([
  ["seconds", { "retry-after": "1" }, 1_000],
  ["no seconds at all", { "retry-after": "0" }, 0],
  ["a date", { "retry-after": new Date(nowMs + 1_000).toUTCString() }, 1_000],
  ["a date that has passed", { "retry-after": new Date(nowMs - 60_000).toUTCString() }, 0],
  ["milliseconds, which go before seconds", { "retry-after-ms": "250", "retry-after": "1" }, 250],
  ["the longest that is waited", { "retry-after": "2" }, 2_000],
  ["nonsense, which counts as nothing said", { "retry-after": "soon" }, 50],
  ["a negative number", { "retry-after": "-5" }, 0],
])("the pause is as long as the provider asks: %s", async (_what, headers, pauseMs) => {
  const { proxy, pausesMs } = await startFailing([{ status: 429, headers }, { status: 200 }]);
  expect((await post(proxy, path, chat)).status).toBe(200);
  expect(pausesMs).toEqual([pauseMs]);
});

test.each([{ "retry-after": "3" }, { "retry-after": "86400" }, { "retry-after-ms": "2001" }])(
  "%j is above what may be waited, so that the client is told at once",
  async (headers) => {
    const { proxy, upstream, pausesMs } = await startFailing([{ status: 429, headers }]);
    const response = await post(proxy, path, chat);
    expect(response.status).toBe(429);
    for (const [name, value] of Object.entries(headers)) {
      expect(response.headers.get(name)).toBe(value);
    }
    expect(pausesMs).toEqual([]);
    expect(upstream.requests).toHaveLength(1);
    expect((await proxy.recorded(1))[0]).toMatchObject({ attempts: 1, failedAttempts: [] });
  },
);

test("a pause never grows above its limit", async () => {
  const { proxy, pausesMs } = await startFailing([{ status: 503 }], { retries: 5, backoffMs: 800 });
  await post(proxy, path, chat);
  expect(pausesMs).toEqual([400, 800, 1_000, 1_000, 1_000]);
});

test.each([400, 401, 403, 404, 413, 422])(
  "%i would be the same again and is not repeated",
  async (status) => {
    const { proxy, upstream } = await startFailing([{ status }, { status: 200 }]);
    expect((await post(proxy, path, chat)).status).toBe(status);
    expect(upstream.requests).toHaveLength(1);
  },
);

test("a stream that breaks after its first byte is not begun again", async () => {
  const { proxy, upstream } = await start(
    async (_request, response) => {
      response.writeHead(200, sse);
      await writePackets(response, [Buffer.from(messagesStream.slice(0, 200))]);
      response.destroy();
    },
    { routing: { retries: 3 } },
  );
  const response = await post(proxy, "/v1/messages", { ...messages, stream: true });
  expect(await response.text()).toContain("WEIR_UPSTREAM_DIED");
  expect(upstream.requests).toHaveLength(1);
});

test("an answer that broke off within its body is not asked for again: it may have been billed", async () => {
  const { proxy, upstream } = await start(
    async (_request, response) => {
      response.writeHead(200, { ...json, "content-length": "500" });
      await writePackets(response, [Buffer.from(chatAnswer.slice(0, 20))]);
      response.destroy();
    },
    { routing: { retries: 3 } },
  );
  expect((await post(proxy, path, chat)).status).toBe(502);
  expect(upstream.requests).toHaveLength(1);
});

test("a provider that cannot be reached is tried again", async () => {
  const { proxy, upstream, pausesMs } = await startFailing([{ status: 200 }]);
  await upstream.close();
  expect((await post(proxy, path, chat)).status).toBe(502);
  expect(pausesMs).toEqual([50, 100]);
  expect((await proxy.recorded(1))[0]).toMatchObject({
    attempts: 3,
    failedAttempts: [
      { status: 0, errorCode: "WEIR_UPSTREAM_UNREACHABLE", cost: { status: "not_billed" } },
      { status: 0, errorCode: "WEIR_UPSTREAM_UNREACHABLE", cost: { status: "not_billed" } },
    ],
  });
});

test("an attempt that was never answered may have been billed: its cost is unknown, not nothing", async () => {
  let count = 0;
  const { proxy } = await start(
    (_request, response) => {
      count += 1;
      if (count === 1) response.destroy();
      else response.writeHead(200, json).end(chatAnswer);
    },
    { routing: { retries: 1 } },
  );
  expect((await post(proxy, path, chat)).status).toBe(200);
  expect((await proxy.recorded(1))[0]?.failedAttempts).toMatchObject([
    { status: 0, cost: { status: "unpriced", microUsd: null }, usage: { tokens: null } },
  ]);
});

test("a body that has streamed through is gone: an upload is not repeated", async () => {
  const { proxy, upstream } = await startFailing([{ status: 503 }, { status: 200 }]);
  expect((await post(proxy, "/v1/files", "bytes")).status).toBe(503);
  expect(upstream.requests).toHaveLength(1);
});

test("a client that leaves during a pause is not waited for, and the provider not asked again", async () => {
  const waiting = Promise.withResolvers<void>();
  const woken = Promise.withResolvers<void>();
  const { proxy, upstream } = await start(
    (_request, response) => {
      response.writeHead(503, json).end(error);
    },
    {
      routing: { retries: 3 },
      clock: {
        sleep: async (_ms, signal) => {
          signal.addEventListener("abort", () => woken.resolve());
          waiting.resolve();
          await woken.promise;
        },
      },
    },
  );
  const aborter = new AbortController();
  const call = fetch(`${proxy.url}${path}`, {
    method: "POST",
    headers: { ...json, authorization: `Bearer ${testKey}` },
    body: JSON.stringify(chat),
    signal: aborter.signal,
  });
  call.catch(() => undefined);
  await waiting.promise;
  aborter.abort();
  await woken.promise;
  expect((await proxy.recorded(1))[0]).toMatchObject({
    outcome: "client_abort",
    status: 0,
    attempts: 1,
    failedAttempts: [{ status: 503 }],
    usage: { streamEnd: "client_abort" },
  });
  expect(upstream.requests).toHaveLength(1);
  await expect(call).rejects.toMatchObject({ name: "AbortError" });
});
