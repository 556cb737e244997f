/** Calls as the whole proxy observes them: real sockets, a scripted provider. */
import { expect, test } from "vitest";
import type { Config } from "../../config/schema.ts";
import { chat, chatAnswer, chatStream, json, post, sse, start } from "../testing/serve.ts";
import { observeExchange } from "./observe-exchange.ts";
import type { ObservedCall } from "./observed-call.ts";
import type { Stage } from "./stages.ts";

const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
const span = "00f067aa0ba902b7";
const traced = { traceparent: `00-${trace}-${span}-01`, tracestate: "vendor=a1", baggage: "x=1" };

type Answer = Parameters<typeof start>[0];

async function observe(answer: Answer, options: NonNullable<Parameters<typeof start>[1]> = {}) {
  const calls: ObservedCall[] = [];
  const stages: Stage[] = [];
  const started = await start(answer, {
    ...options,
    onFinished: (exchange, ending) => {
      const upstream = exchange.target?.upstream;
      const upstreams = upstream === undefined ? [] : [upstream];
      calls.push(observeExchange(exchange, ending, upstreams, performance.now()));
    },
    onPassed: (stage, ms) => {
      expect(ms).toBeGreaterThanOrEqual(0);
      stages.push(stage);
    },
  });
  return { ...started, calls, stages };
}

const answerChat: Answer = (_request, response) => {
  response.writeHead(200, json).end(chatAnswer);
};

const providerAt = (baseUrl: string, forwardTraceContext: boolean): Config["providers"] => [
  { name: "test", dialect: "openai", baseUrl, models: ["*"], prices: {}, forwardTraceContext },
];

test("a call's row has the trace that the caller names, or one of its own", async () => {
  const { proxy } = await observe(answerChat);
  await (await post(proxy, "/v1/chat/completions", chat, traced)).text();
  await (await post(proxy, "/v1/chat/completions", chat)).text();
  const rows = await proxy.recorded(2);
  expect(rows[0]?.traceId).toBe(trace);
  expect(rows[1]?.traceId).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
  expect(rows[1]?.traceId).not.toBe(trace);
});

test("a provider sees nothing of the trace unless its configuration says so, and baggage never", async () => {
  const { proxy, upstream, calls } = await observe(answerChat);
  await (await post(proxy, "/v1/chat/completions", chat, traced)).text();
  expect(upstream.requests[0]?.headers).not.toHaveProperty("traceparent");
  expect(upstream.requests[0]?.headers).not.toHaveProperty("tracestate");
  const baseUrl = `${upstream.url}/v1`;
  const forwarding = await observe(answerChat, { providers: providerAt(baseUrl, true) });
  await (await post(forwarding.proxy, "/v1/chat/completions", chat, traced)).text();
  const headers: Record<string, unknown> = { ...upstream.requests[1]?.headers };
  const [call] = forwarding.calls;
  expect(headers["traceparent"]).toBe(`00-${trace}-${call?.trace.spanId}-01`);
  expect(headers["tracestate"]).toBe("vendor=a1");
  expect(headers).not.toHaveProperty("baggage");
  expect(calls[0]?.trace).toMatchObject({ traceId: trace, parentSpanId: span, sampled: true });
});

test("an answered call passes every stage once, in order", async () => {
  const { proxy, stages } = await observe(answerChat);
  await (await post(proxy, "/v1/chat/completions", chat)).text();
  await proxy.recorded(1);
  expect(stages).toEqual(["authenticate", "read_body", "authorize", "forward", "record"]);
});

test("a call that is refused passes only the stages it came to", async () => {
  const { proxy, stages, calls } = await observe(answerChat);
  const headers = { authorization: "Bearer weir_wrong" };
  await (await post(proxy, "/v1/chat/completions", chat, headers)).text();
  await proxy.recorded(1);
  expect(stages).toEqual(["record"]);
  expect(calls).toMatchObject([
    { outcome: "unauthenticated", provider: null, decision: null, attempts: [] },
  ]);
});

test("a stream is observed with its usage, its first byte and its one attempt", async () => {
  const { proxy, calls, upstream } = await observe((_request, response) => {
    response.writeHead(200, sse).end(chatStream);
  });
  await (await post(proxy, "/v1/chat/completions", { ...chat, stream: true })).text();
  const [call] = calls;
  expect(call).toMatchObject({
    dialect: "openai-chat",
    operation: "chat.completions",
    provider: { name: "test", dialect: "openai", baseUrl: `${upstream.url}/v1` },
    model: "m-1",
    modelUsed: "m-1",
    stream: true,
    outcome: "completed",
    upstreamStatus: 200,
    usage: { source: "provider_final", tokens: { inputUncached: 11, outputVisible: 5 } },
    decision: { effect: "allow", ruleIds: ["test.allow"] },
    attempts: [{ method: "POST", status: 200, errorCode: "", model: "m-1" }],
  });
  expect(call?.timeToFirstByteMs).toBeGreaterThan(0);
});

test("each retry is an attempt behind the one before", async () => {
  let asked = 0;
  const { proxy, calls } = await observe(
    (request, response) => {
      asked += 1;
      if (asked < 3) response.writeHead(503, json).end("{}");
      else void answerChat(request, response);
    },
    { routing: { retries: 2 } },
  );
  await (await post(proxy, "/v1/chat/completions", chat)).text();
  const attempts = calls[0]?.attempts ?? [];
  expect(attempts.map(({ status }) => status)).toEqual([503, 503, 200]);
  for (const [at, attempt] of attempts.entries()) {
    const before = attempts[at - 1];
    const earliest = before === undefined ? 0 : before.startedAfterMs + before.durationMs;
    expect(attempt.startedAfterMs).toBeGreaterThanOrEqual(earliest);
  }
  const last = attempts.at(-1);
  expect((last?.startedAfterMs ?? 0) + (last?.durationMs ?? 0)).toBeCloseTo(
    calls[0]?.durationMs ?? Number.NaN,
  );
});

test("what is observed holds nothing of what was said", async () => {
  const { proxy, calls } = await observe(answerChat);
  const secret = "the prompt's own words";
  const body = { ...chat, messages: [{ role: "user", content: secret }] };
  await (await post(proxy, "/v1/chat/completions", body)).text();
  await proxy.recorded(1);
  const told = JSON.stringify(calls);
  expect(told).not.toContain(secret);
  expect(told).not.toContain("日本");
  expect(told).not.toContain("person-1");
});
