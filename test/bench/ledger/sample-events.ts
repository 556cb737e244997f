import { randomBytes } from "node:crypto";
import { v7 } from "uuid";
import type { CallEvent, DecisionEvent } from "../../../gateway/src/contracts/call-event.ts";

const models = ["gpt-5", "gpt-5-mini", "claude-sonnet-4-5", "gemini-2.5-pro"] as const;
const people = 500;
const callsPerSecond = 50;

/** A day far enough from midnight that a million calls at 50 a second stay in few partitions. */
const startMs = Date.UTC(2026, 10, 2);

const pick = (count: number) => Math.floor(Math.random() * count);

/** The n-th call as a proxy would record it, with values as varied as real ones. */
export function sampleCall(index: number): { call: CallEvent; decision: DecisionEvent } {
  const startedAtMs = startMs + Math.floor((index * 1000) / callsPerSecond);
  const person = pick(people);
  const principal = {
    id: `person-${person}`,
    kind: "person" as const,
    teamId: `team-${person % 40}`,
    costCenter: `cc-${person % 12}`,
    roles: ["employee"],
    keyId: `key-${person}`,
    assurance: "api_key" as const,
  };
  const model = models[index % models.length] ?? models[0];
  const stream = index % 2 === 0;
  const decision = {
    id: v7({ msecs: startedAtMs }),
    effect: "allow" as const,
    rules: [{ id: "models.allowed", reason: "The team may use the model.", owner: "platform" }],
    userMessage: "",
    retryable: false,
    obligations: [],
    revision: "a3f0c1d2",
    evalMicros: 40 + pick(60),
  };
  const id = v7({ msecs: startedAtMs });
  const durationMs = pick(20_000_000) / 1000;
  return {
    decision: {
      decision,
      callId: id,
      point: "llm_call",
      decidedAtMs: startedAtMs + 1,
      principal,
      call: {
        dialect: "openai-chat",
        operation: "chat.completions",
        metered: true,
        provider: "openai",
        model,
        modelRequested: model,
        stream,
        toolNames: [],
        maxTokens: null,
        bytes: 2000 + pick(100_000),
      },
      effect: "allow",
      inputDigest: randomBytes(32).toString("hex"),
    },
    call: {
      id,
      supersedes: "",
      startedAtMs,
      principal,
      asserted: { userAgent: "OpenAI/JS 7.57.0", sessionId: "", agentId: "", userId: "" },
      dialect: "openai-chat",
      operation: "chat.completions",
      auxiliary: false,
      traceId: randomBytes(16).toString("hex"),
      provider: "openai",
      modelRequested: model,
      modelResolved: model,
      modelUsed: `${model}-2026-08-01`,
      stream,
      toolNames: [],
      maxTokens: null,
      decision,
      outcome: "completed",
      errorCode: "",
      status: 200,
      upstreamStatus: 200,
      upstreamRequestId: `req_${randomBytes(12).toString("hex")}`,
      attempts: 1,
      failedAttempts: [],
      usage: usage(),
      cost: { microUsd: pick(100_000), status: "priced", priceVersion: "2026-11-01" },
      flags: [],
      requestBytes: 2000 + pick(100_000),
      responseBytes: 500 + pick(20_000),
      durationMs,
      timeToFirstByteMs: Math.min(durationMs, pick(1_000_000) / 1000),
      overheadMs: pick(1000) / 1000,
      features: { messageCount: pick(40), toolResultCount: pick(10), toolCallCount: pick(4) },
    },
  };
}

function usage(): CallEvent["usage"] {
  const inputUncached = pick(20_000);
  const outputVisible = pick(2_000);
  const cacheRead = pick(40_000);
  return {
    tokens: {
      inputUncached,
      cacheRead,
      cacheWrite5m: 0,
      cacheWrite1h: 0,
      outputVisible,
      outputReasoning: pick(500),
      toolUsePrompt: 0,
      audioIn: 0,
      audioOut: 0,
    },
    serverToolCalls: {},
    raw: `{"prompt_tokens":${inputUncached + cacheRead},"completion_tokens":${outputVisible}}`,
    source: "provider_final",
    streamEnd: "complete",
  };
}
