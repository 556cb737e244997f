import type { TokenCounts, Usage } from "../../../contracts/usage.ts";
import type { ObservedCall, ObservedProvider } from "../observed-call.ts";

export const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
export const callerSpanId = "00f067aa0ba902b7";
export const callSpanId = "1111111111111111";

export const provider: ObservedProvider = {
  name: "work",
  dialect: "anthropic",
  baseUrl: "https://api.anthropic.com",
};

export const tokens: TokenCounts = {
  inputUncached: 100,
  cacheRead: 2_000,
  cacheWrite5m: 300,
  cacheWrite1h: 40,
  outputVisible: 50,
  outputReasoning: 7,
  toolUsePrompt: 3,
  audioIn: 0,
  audioOut: 0,
};

export const usage: Usage = {
  tokens,
  serverToolCalls: {},
  raw: "",
  source: "provider_final",
  streamEnd: "complete",
};

const startedAtMs = Date.UTC(2026, 10, 23, 12, 0, 0, 250);

/** A streamed call that went well at the second attempt, but for what a test says over it. */
export function observedCall(changes: Partial<ObservedCall> = {}): ObservedCall {
  return {
    id: "call-1",
    trace: {
      traceId,
      spanId: callSpanId,
      parentSpanId: callerSpanId,
      sampled: true,
      traceState: "vendor=a1",
    },
    dialect: "anthropic",
    operation: "messages",
    provider,
    model: "claude-opus-4-5",
    modelUsed: "claude-opus-4-5-20251101",
    stream: true,
    maxTokens: 1_024,
    conversationId: "session-1",
    startedAtMs,
    durationMs: 1_900.5,
    overheadMs: 0.4,
    timeToFirstByteMs: 820.25,
    outcome: "completed",
    errorCode: "",
    upstreamStatus: 200,
    responseId: "msg_1",
    finishReasons: ["end_turn"],
    usage,
    costStatus: "priced",
    flags: [],
    decision: {
      id: "decision-1",
      effect: "allow",
      revision: "rev-1",
      ruleIds: ["models.allowed", "team.budget"],
    },
    attempts: [
      {
        provider,
        model: "claude-opus-4-5",
        method: "POST",
        status: 529,
        errorCode: "",
        startedAfterMs: 0.4,
        durationMs: 99.6,
      },
      {
        provider,
        model: "claude-opus-4-5",
        method: "POST",
        status: 200,
        errorCode: "",
        startedAfterMs: 350,
        durationMs: 1_550.5,
      },
    ],
    ...changes,
  };
}
