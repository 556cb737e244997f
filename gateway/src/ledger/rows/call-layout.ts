import type { CallEvent } from "../../contracts/call-event.ts";
import type { Layout, LayoutColumn } from "./layout.ts";
import { principalColumns } from "./principal-columns.ts";
import {
  arrayOf,
  bool,
  countMap,
  dateTime,
  decimal3,
  integer,
  nullableDecimal3,
  nullableInteger,
  nullableIntegerInArray,
  text,
  textArray,
} from "./tab-separated.ts";

type Columns = readonly LayoutColumn<CallEvent>[];

const request: Columns = [
  { name: "id", encode: ({ id }) => text(id) },
  { name: "supersedes", encode: ({ supersedes }) => text(supersedes) },
  { name: "started_at", encode: ({ startedAtMs }) => dateTime(startedAtMs) },
  ...principalColumns,
  { name: "asserted_user_agent", encode: ({ asserted }) => text(asserted.userAgent) },
  { name: "asserted_session_id", encode: ({ asserted }) => text(asserted.sessionId) },
  { name: "asserted_agent_id", encode: ({ asserted }) => text(asserted.agentId) },
  { name: "asserted_user_id", encode: ({ asserted }) => text(asserted.userId) },
  { name: "dialect", encode: ({ dialect }) => text(dialect) },
  { name: "operation", encode: ({ operation }) => text(operation) },
  { name: "auxiliary", encode: ({ auxiliary }) => bool(auxiliary) },
  { name: "trace_id", encode: ({ traceId }) => text(traceId) },
  { name: "provider", encode: ({ provider }) => text(provider) },
  { name: "model_requested", encode: ({ modelRequested }) => text(modelRequested) },
  { name: "model_resolved", encode: ({ modelResolved }) => text(modelResolved) },
  { name: "model_used", encode: ({ modelUsed }) => text(modelUsed) },
  { name: "stream", encode: ({ stream }) => bool(stream) },
  { name: "tool_names", encode: ({ toolNames }) => textArray(toolNames) },
  { name: "max_tokens", encode: ({ maxTokens }) => nullableInteger(maxTokens) },
];

// Reasons, owners, message and obligations stand in the row of the decision itself.
const decision: Columns = [
  { name: "decision_id", encode: (call) => text(call.decision?.id ?? "") },
  { name: "effect", encode: (call) => call.decision?.effect ?? "" },
  { name: "rule_ids", encode: (call) => arrayOf(call.decision?.rules ?? [], quotedId) },
  { name: "policy_revision", encode: (call) => text(call.decision?.revision ?? "") },
  { name: "policy_eval_us", encode: (call) => integer(call.decision?.evalMicros ?? 0) },
];

const ending: Columns = [
  { name: "outcome", encode: ({ outcome }) => outcome },
  { name: "error_code", encode: ({ errorCode }) => text(errorCode) },
  { name: "status", encode: ({ status }) => integer(status) },
  { name: "upstream_status", encode: ({ upstreamStatus }) => integer(upstreamStatus) },
  { name: "upstream_request_id", encode: ({ upstreamRequestId }) => text(upstreamRequestId) },
  { name: "attempts", encode: ({ attempts }) => integer(attempts) },
];

const failedAttempts: Columns = [
  { name: "failed_attempts.provider", encode: (call) => textArray(failed(call, "provider")) },
  { name: "failed_attempts.model", encode: (call) => textArray(failed(call, "model")) },
  { name: "failed_attempts.status", encode: (call) => arrayOf(failed(call, "status"), integer) },
  { name: "failed_attempts.error_code", encode: (call) => textArray(failed(call, "errorCode")) },
  {
    name: "failed_attempts.duration_ms",
    encode: (call) => arrayOf(failed(call, "durationMs"), decimal3),
  },
  {
    name: "failed_attempts.usage_source",
    encode: (call) => textArray(failed(call, "usage").map(({ source }) => source)),
  },
  {
    name: "failed_attempts.cost_micro_usd",
    encode: (call) =>
      arrayOf(failed(call, "cost"), ({ microUsd }) => nullableIntegerInArray(microUsd)),
  },
  {
    name: "failed_attempts.cost_status",
    encode: (call) => textArray(failed(call, "cost").map(({ status }) => status)),
  },
];

const usage: Columns = [
  { name: "input_uncached", encode: ({ usage: { tokens } }) => tokensOf(tokens?.inputUncached) },
  { name: "cache_read", encode: ({ usage: { tokens } }) => tokensOf(tokens?.cacheRead) },
  { name: "cache_write_5m", encode: ({ usage: { tokens } }) => tokensOf(tokens?.cacheWrite5m) },
  { name: "cache_write_1h", encode: ({ usage: { tokens } }) => tokensOf(tokens?.cacheWrite1h) },
  { name: "output_visible", encode: ({ usage: { tokens } }) => tokensOf(tokens?.outputVisible) },
  {
    name: "output_reasoning",
    encode: ({ usage: { tokens } }) => tokensOf(tokens?.outputReasoning),
  },
  { name: "tool_use_prompt", encode: ({ usage: { tokens } }) => tokensOf(tokens?.toolUsePrompt) },
  { name: "audio_in", encode: ({ usage: { tokens } }) => tokensOf(tokens?.audioIn) },
  { name: "audio_out", encode: ({ usage: { tokens } }) => tokensOf(tokens?.audioOut) },
  { name: "server_tool_calls", encode: (call) => countMap(call.usage.serverToolCalls) },
  { name: "usage_raw", encode: (call) => text(call.usage.raw) },
  { name: "usage_source", encode: (call) => call.usage.source },
  { name: "stream_end", encode: (call) => call.usage.streamEnd },
  { name: "cost_micro_usd", encode: ({ cost }) => nullableInteger(cost.microUsd) },
  { name: "cost_status", encode: ({ cost }) => cost.status },
  { name: "price_version", encode: ({ cost }) => text(cost.priceVersion) },
  { name: "flags", encode: ({ flags }) => textArray(flags) },
];

const measures: Columns = [
  { name: "request_bytes", encode: ({ requestBytes }) => integer(requestBytes) },
  { name: "response_bytes", encode: ({ responseBytes }) => integer(responseBytes) },
  { name: "duration_ms", encode: ({ durationMs }) => decimal3(durationMs) },
  { name: "time_to_first_byte_ms", encode: (call) => nullableDecimal3(call.timeToFirstByteMs) },
  { name: "overhead_ms", encode: ({ overheadMs }) => decimal3(overheadMs) },
  { name: "message_count", encode: ({ features }) => integer(features.messageCount) },
  { name: "tool_result_count", encode: ({ features }) => integer(features.toolResultCount) },
  { name: "tool_call_count", encode: ({ features }) => integer(features.toolCallCount) },
];

const columns = [
  ...request,
  ...decision,
  ...ending,
  ...failedAttempts,
  ...usage,
  ...measures,
] as const;

/** The row that a call leaves behind. */
export const callLayout: Layout<CallEvent> = {
  table: "calls",
  timeColumn: "started_at",
  isAudited: false,
  columns,
  widths: [72],
};

function tokensOf(count: number | undefined): string {
  return nullableInteger(count ?? null);
}

function quotedId({ id }: { readonly id: string }): string {
  return `'${text(id)}'`;
}

type Attempt = CallEvent["failedAttempts"][number];

function failed<Key extends keyof Attempt>(call: CallEvent, key: Key): Attempt[Key][] {
  return call.failedAttempts.map((attempt) => attempt[key]);
}
