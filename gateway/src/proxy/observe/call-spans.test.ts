import { afterEach, beforeEach, expect, test } from "vitest";
import {
  callerSpanId,
  callSpanId,
  observedCall,
  traceId,
  usage,
} from "./testing/observed-calls.ts";
import { plain } from "./testing/otlp-receiver.ts";
import { startObserved, type Observed } from "./testing/start-observed.ts";

const CLIENT = 3;
const ERROR = 2;

let observed: Observed;
beforeEach(async () => {
  observed = await startObserved();
});
afterEach(() => observed.close());

test("the span of a call continues the caller's trace under the id that went upstream, with the times of the call", async () => {
  observed.record(observedCall());
  const { call } = await observed.spans();
  expect(call).toMatchObject({
    traceId,
    spanId: callSpanId,
    parentSpanId: callerSpanId,
    traceState: "vendor=a1",
    name: "chat claude-opus-4-5",
    kind: CLIENT,
    startTimeUnixNano: "1795435200250000000",
    endTimeUnixNano: "1795435202150500000",
  });
  expect(call?.status.code ?? 0).not.toBe(ERROR);
});

test("the span of a call says what the conventions ask for, cached tokens included in the input", async () => {
  observed.record(observedCall());
  const { attributes } = await observed.spans();
  expect(attributes).toEqual({
    "gen_ai.operation.name": "chat",
    "gen_ai.provider.name": "anthropic",
    "gen_ai.request.model": "claude-opus-4-5",
    "gen_ai.request.stream": true,
    "gen_ai.request.max_tokens": 1_024,
    "gen_ai.conversation.id": "session-1",
    "gen_ai.response.id": "msg_1",
    "gen_ai.response.model": "claude-opus-4-5-20251101",
    "gen_ai.response.finish_reasons": ["end_turn"],
    "gen_ai.response.time_to_first_chunk": 0.82025,
    "gen_ai.usage.input_tokens": 2_443,
    "gen_ai.usage.output_tokens": 57,
    "gen_ai.usage.cache_read.input_tokens": 2_000,
    "gen_ai.usage.cache_creation.input_tokens": 340,
    "gen_ai.usage.reasoning.output_tokens": 7,
    "server.address": "api.anthropic.com",
    "server.port": 443,
    "weir.call.id": "call-1",
    "weir.operation": "messages",
    "weir.outcome": "completed",
    "weir.overhead": 0.0004,
    "weir.provider": "work",
    "weir.stream.end": "complete",
    "weir.usage.source": "provider_final",
    "weir.security.guardrail.name": "weir/llm_call",
    "weir.security.verdict.type": "allow",
    "weir.security.policy.version": "rev-1",
    "weir.security.policy.rule.id": ["models.allowed", "team.budget"],
    "weir.security.decision.id": "decision-1",
  });
});

test("the span of a call has one below it for each attempt, with its own status and place in time", async () => {
  observed.record(observedCall());
  const { spans } = await observed.spans();
  const attempts = spans.filter(({ parentSpanId }) => parentSpanId === callSpanId);
  expect(attempts.map(({ name, kind }) => [name, kind])).toEqual([
    ["POST", CLIENT],
    ["POST", CLIENT],
  ]);
  expect(attempts.map(({ attributes }) => plain(attributes))).toEqual([
    {
      "http.request.method": "POST",
      "http.response.status_code": 529,
      "error.type": "529",
      "gen_ai.request.model": "claude-opus-4-5",
      "server.address": "api.anthropic.com",
      "server.port": 443,
      "weir.provider": "work",
    },
    {
      "http.request.method": "POST",
      "http.request.resend_count": 1,
      "http.response.status_code": 200,
      "gen_ai.request.model": "claude-opus-4-5",
      "server.address": "api.anthropic.com",
      "server.port": 443,
      "weir.provider": "work",
    },
  ]);
  expect(attempts[1]?.startTimeUnixNano).toBe("1795435200600000000");
  expect(attempts.every((attempt) => attempt.traceId === traceId)).toBe(true);
});

test("the span of a call begins a trace of the id that the row has when the caller names none", async () => {
  const trace = { ...observedCall().trace, parentSpanId: null, traceState: "" };
  observed.record(observedCall({ trace }));
  const { call } = await observed.spans();
  expect(call).toMatchObject({ traceId, spanId: callSpanId });
  expect(call?.parentSpanId ?? "").toBe("");
});

test("the span of a call is not sent when the caller does not sample, while metrics are", async () => {
  observed.record(observedCall({ trace: { ...observedCall().trace, sampled: false } }));
  expect((await observed.spans()).spans).toEqual([]);
  expect(observed.receiver.metrics().length).toBeGreaterThan(0);
});

test("the span of a call is not sent for a trace that the ratio leaves out", async () => {
  await observed.close();
  observed = await startObserved({ sampleRatio: 0 });
  observed.record(observedCall({ trace: { ...observedCall().trace, parentSpanId: null } }));
  expect((await observed.spans()).spans).toEqual([]);
});

test("the span of a denied call names Weir as who answered, and the verdict", async () => {
  const decision = { id: "d", effect: "deny", revision: "r", ruleIds: ["no"] } as const;
  observed.record(
    observedCall({
      provider: null,
      attempts: [],
      outcome: "denied",
      errorCode: "WEIR_POLICY_DENIED",
      upstreamStatus: 0,
      decision,
      usage: { ...usage, tokens: null, source: "missing", streamEnd: "policy_cut" },
    }),
  );
  const { call, attributes } = await observed.spans();
  expect(call?.status.code).toBe(ERROR);
  expect(attributes).toMatchObject({
    "gen_ai.provider.name": "weir",
    "error.type": "WEIR_POLICY_DENIED",
    "weir.security.verdict.type": "deny",
  });
  expect(attributes).not.toHaveProperty("gen_ai.usage.input_tokens");
  expect(attributes).not.toHaveProperty("server.address");
});

test("the span of a call whose client left tells so without being an error", async () => {
  observed.record(observedCall({ outcome: "client_abort" }));
  const { call, attributes } = await observed.spans();
  expect(call?.status.code ?? 0).not.toBe(ERROR);
  expect(attributes["error.type"]).toBe("client_abort");
});

test("the span of a call bounds what a provider may put into it", async () => {
  observed.record(observedCall({ responseId: "x".repeat(10_000) }));
  expect(String((await observed.spans()).attributes["gen_ai.response.id"]).length).toBe(512);
});
