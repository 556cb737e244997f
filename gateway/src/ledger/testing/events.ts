import type { CallEvent, DecisionEvent } from "../../contracts/call-event.ts";

const DAY_START_MS = Date.UTC(2026, 10, 23, 10);

/** A call as the data plane would record it; `index` makes it distinct from others. */
export function sampleCall(index: number, changes: Partial<CallEvent> = {}): CallEvent {
  return {
    id: `call-${index}`,
    supersedes: "",
    startedAtMs: DAY_START_MS + index * 1000 + 123,
    principal: {
      id: `person-${index % 5}`,
      kind: "person",
      teamId: "platform",
      costCenter: "cc-1",
      roles: ["employee"],
      keyId: `key-${index % 5}`,
      assurance: "api_key",
    },
    asserted: { userAgent: "test/1", sessionId: `s-${index}`, agentId: "", userId: "" },
    dialect: "openai-chat",
    operation: "chat.completions",
    provider: "simulator",
    modelRequested: "sim-large",
    modelResolved: "sim-small",
    modelUsed: "sim-small-1",
    stream: index % 2 === 0,
    toolNames: ["read_file"],
    maxTokens: null,
    decision: sampleDecision(index).decision,
    outcome: "completed",
    errorCode: "",
    status: 200,
    upstreamStatus: 200,
    upstreamRequestId: `up-${index}`,
    attempts: 1,
    usage: {
      tokens: {
        inputUncached: 100 + index,
        cacheRead: 10,
        cacheWrite5m: 1,
        cacheWrite1h: 2,
        outputVisible: 50,
        outputReasoning: 5,
        toolUsePrompt: 0,
        audioIn: 0,
        audioOut: 0,
      },
      serverToolCalls: { web_search: 1 },
      raw: '{"prompt_tokens":100,"completion_tokens":55}',
      source: "provider_final",
      streamEnd: "complete",
    },
    cost: { microUsd: 1234, status: "priced", priceVersion: "2026-11-01" },
    requestBytes: 1024,
    responseBytes: 2048,
    durationMs: 812.345,
    timeToFirstByteMs: 120.5,
    overheadMs: 0.312,
    features: { messageCount: 3, toolResultCount: 1, toolCallCount: 2 },
    ...changes,
  };
}

/** A decision on the call of the same index. */
export function sampleDecision(index: number, changes: Partial<DecisionEvent> = {}): DecisionEvent {
  return {
    decision: {
      id: `decision-${index}`,
      effect: "allow",
      rules: [{ id: "team_models", reason: "model allowed for the team", owner: "platform" }],
      userMessage: "",
      retryable: false,
      obligations: [{ type: "cap_max_tokens", maxTokens: 4096 }],
      revision: "r1",
      evalMicros: 87,
    },
    callId: `call-${index}`,
    point: "llm_call",
    decidedAtMs: DAY_START_MS + index * 1000 + 124,
    principal: {
      id: `agent-${index % 3}`,
      kind: "agent",
      onBehalfOf: `person-${index % 5}`,
      agentId: `agent-${index % 3}`,
      teamId: "platform",
      costCenter: "cc-1",
      roles: ["employee"],
      keyId: "key-a",
      assurance: "token",
    },
    call: {
      dialect: "openai-chat",
      provider: "simulator",
      model: "sim-large",
      stream: true,
      toolNames: ["read_file"],
      maxTokens: 1000,
      bytes: 1024,
    },
    effect: "allow",
    inputDigest: "ab".repeat(32),
    ...changes,
  };
}
