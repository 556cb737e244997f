import type { CallEvent } from "../../contracts/call-event.ts";
import { type Ending, type Exchange, modelResolvedOf } from "../exchange.ts";

/** The row that a call leaves behind, however far it came. */
export function callEvent(exchange: Exchange, ending: Ending, nowMonotonicMs: number): CallEvent {
  const { facts, decision, operation } = exchange;
  return {
    id: exchange.id,
    supersedes: "",
    startedAtMs: exchange.startedAtMs,
    principal: exchange.principal ?? null,
    asserted: facts?.assertedUserId
      ? { ...exchange.asserted, userId: facts.assertedUserId }
      : exchange.asserted,
    dialect: operation.dialect.name,
    operation: operation.id,
    auxiliary: operation.auxiliary || facts?.auxiliary === true,
    traceId: exchange.trace.traceId,
    provider: exchange.target?.upstream.name ?? "",
    modelRequested: facts?.model ?? "",
    modelResolved: modelResolvedOf(exchange),
    modelUsed: ending.modelUsed,
    stream: facts?.stream ?? false,
    toolNames: facts?.toolNames ?? [],
    maxTokens: facts?.maxTokens ?? null,
    decision: decision ?? null,
    outcome: ending.outcome,
    errorCode: ending.errorCode,
    status: ending.status,
    upstreamStatus: ending.upstreamStatus,
    upstreamRequestId: ending.upstreamRequestId,
    attempts: ending.attempts,
    failedAttempts: exchange.failedAttempts,
    usage: ending.usage,
    cost: ending.cost,
    flags: ending.flags,
    requestBytes: exchange.received?.bytes ?? 0,
    responseBytes: ending.responseBytes,
    durationMs: round(nowMonotonicMs - exchange.startedAt),
    timeToFirstByteMs: ending.timeToFirstByteMs === null ? null : round(ending.timeToFirstByteMs),
    overheadMs: round(ending.overheadMs),
    features: {
      messageCount: facts?.messageCount ?? 0,
      toolResultCount: facts?.toolResultCount ?? 0,
      toolCallCount: ending.toolCallCount,
    },
  };
}

/** To the microsecond; a clock's noise below it only costs bytes. */
function round(ms: number): number {
  return Math.max(0, Math.round(ms * 1000) / 1000);
}
