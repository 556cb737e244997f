import type { Attempt, CallEvent, DecisionEvent } from "../../contracts/call-event.ts";
import type { Decision } from "../../contracts/decision.ts";
import type { Principal } from "../../contracts/principal.ts";
import type { TokenCounts } from "../../contracts/usage.ts";

/** Where in which spool a row comes from. */
export interface SpoolPosition {
  readonly spoolId: string;
  readonly epoch: number;
  readonly sequence: number;
}

const NO_POSITION: SpoolPosition = { spoolId: "", epoch: 0, sequence: 0 };

/** A row of `calls`, its keys in a fixed order; values as JSONEachRow wants them. */
export type CallRow = ReturnType<typeof callRow>;
/** A row of `decisions`, likewise. */
export type DecisionRow = ReturnType<typeof decisionRow>;

type Added = "auxiliary" | "traceId" | "failedAttempts" | "flags";

/** A call as a spool may hold it: the version before did not know everything that there is now. */
export type SpooledCall = Omit<CallEvent, Added> & Partial<Pick<CallEvent, Added>>;

export function callRow(event: SpooledCall, position = NO_POSITION) {
  const { asserted, usage, cost, features } = event;
  const { auxiliary = false, traceId = "", failedAttempts = [], flags = [] } = event;
  return {
    id: event.id,
    supersedes: event.supersedes,
    started_at: isoTime(event.startedAtMs),
    ...principalColumns(event.principal),
    asserted_user_agent: asserted.userAgent,
    asserted_session_id: asserted.sessionId,
    asserted_agent_id: asserted.agentId,
    asserted_user_id: asserted.userId,
    dialect: event.dialect,
    operation: event.operation,
    auxiliary,
    trace_id: traceId,
    provider: event.provider,
    model_requested: event.modelRequested,
    model_resolved: event.modelResolved,
    model_used: event.modelUsed,
    stream: event.stream,
    tool_names: event.toolNames,
    max_tokens: event.maxTokens,
    decision_id: event.decision?.id ?? "",
    effect: event.decision?.effect ?? "",
    ...decisionColumns(event.decision),
    outcome: event.outcome,
    error_code: event.errorCode,
    status: event.status,
    upstream_status: event.upstreamStatus,
    upstream_request_id: event.upstreamRequestId,
    attempts: event.attempts,
    ...failedAttemptColumns(failedAttempts),
    ...tokenColumns(usage.tokens),
    server_tool_calls: usage.serverToolCalls,
    usage_raw: usage.raw,
    usage_source: usage.source,
    stream_end: usage.streamEnd,
    cost_micro_usd: cost.microUsd,
    cost_status: cost.status,
    price_version: cost.priceVersion,
    flags,
    request_bytes: event.requestBytes,
    response_bytes: event.responseBytes,
    duration_ms: event.durationMs,
    time_to_first_byte_ms: event.timeToFirstByteMs,
    overhead_ms: event.overheadMs,
    message_count: features.messageCount,
    tool_result_count: features.toolResultCount,
    tool_call_count: features.toolCallCount,
    ...positionColumns(position),
  };
}

export function decisionRow(event: DecisionEvent, position = NO_POSITION) {
  const { decision, call } = event;
  return {
    id: decision.id,
    call_id: event.callId,
    decided_at: isoTime(event.decidedAtMs),
    point: event.point,
    effect: event.effect,
    decision_effect: decision.effect,
    ...principalColumns(event.principal),
    dialect: call?.dialect ?? "",
    operation: call?.operation ?? "",
    metered: call?.metered ?? true,
    provider: call?.provider ?? "",
    model: call?.model ?? "",
    model_requested: call?.modelRequested ?? "",
    stream: call?.stream ?? false,
    tool_names: call?.toolNames ?? [],
    max_tokens: call?.maxTokens ?? null,
    request_bytes: call?.bytes ?? null,
    ...decisionColumns(decision),
    input_digest: event.inputDigest,
    ...positionColumns(position),
  };
}

/** The UTC day as ClickHouse names the partition, for example `20261123`. */
export function partitionOf(timeMs: number): string {
  return isoTime(timeMs).slice(0, 10).replaceAll("-", "");
}

/** @throws RangeError: null would otherwise silently become 1970, and the row expire at once. */
function isoTime(timeMs: number): string {
  if (!Number.isSafeInteger(timeMs)) throw new RangeError("The time of the event is no integer");
  return new Date(timeMs).toISOString();
}

function principalColumns(principal: Principal | null) {
  const onBehalfOf = principal?.onBehalfOf ?? "";
  return {
    person_id: onBehalfOf === "" ? (principal?.id ?? "") : onBehalfOf,
    principal_id: principal?.id ?? "",
    principal_kind: principal?.kind ?? "",
    on_behalf_of: onBehalfOf,
    agent_id: principal?.agentId ?? "",
    team_id: principal?.teamId ?? "",
    cost_center: principal?.costCenter ?? "",
    roles: principal?.roles ?? [],
    key_id: principal?.keyId ?? "",
    assurance: principal?.assurance ?? "",
  };
}

function decisionColumns(decision: Decision | null) {
  const rules = decision?.rules ?? [];
  return {
    rule_ids: rules.map((rule) => rule.id),
    rule_reasons: rules.map((rule) => rule.reason),
    rule_owners: rules.map((rule) => rule.owner),
    user_message: decision?.userMessage ?? "",
    retryable: decision?.retryable ?? false,
    approvers: decision?.approvers ?? [],
    obligations: JSON.stringify(decision?.obligations ?? []),
    policy_revision: decision?.revision ?? "",
    policy_eval_us: decision?.evalMicros ?? 0,
  };
}

function tokenColumns(tokens: TokenCounts | null) {
  return {
    input_uncached: tokens?.inputUncached ?? null,
    cache_read: tokens?.cacheRead ?? null,
    cache_write_5m: tokens?.cacheWrite5m ?? null,
    cache_write_1h: tokens?.cacheWrite1h ?? null,
    output_visible: tokens?.outputVisible ?? null,
    output_reasoning: tokens?.outputReasoning ?? null,
    tool_use_prompt: tokens?.toolUsePrompt ?? null,
    audio_in: tokens?.audioIn ?? null,
    audio_out: tokens?.audioOut ?? null,
  };
}

function failedAttemptColumns(attempts: readonly Attempt[]) {
  return {
    "failed_attempts.provider": attempts.map(({ provider }) => provider),
    "failed_attempts.model": attempts.map(({ model }) => model),
    "failed_attempts.status": attempts.map(({ status }) => status),
    "failed_attempts.error_code": attempts.map(({ errorCode }) => errorCode),
    "failed_attempts.duration_ms": attempts.map(({ durationMs }) => durationMs),
    "failed_attempts.usage_source": attempts.map(({ usage }) => usage.source),
    "failed_attempts.cost_micro_usd": attempts.map(({ cost }) => cost.microUsd),
    "failed_attempts.cost_status": attempts.map(({ cost }) => cost.status),
  };
}

function positionColumns(position: SpoolPosition) {
  return {
    spool_id: position.spoolId,
    spool_epoch: position.epoch,
    spool_sequence: position.sequence,
  };
}
