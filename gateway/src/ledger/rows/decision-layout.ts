import type { DecisionEvent } from "../../contracts/call-event.ts";
import type { Layout } from "./layout.ts";
import { principalColumns } from "./principal-columns.ts";
import { bool, dateTime, integer, nullableInteger, text, textArray } from "./tab-separated.ts";

const columns: Layout<DecisionEvent>["columns"] = [
  { name: "id", encode: ({ decision }) => text(decision.id) },
  { name: "call_id", encode: ({ callId }) => text(callId) },
  { name: "decided_at", encode: ({ decidedAtMs }) => dateTime(decidedAtMs) },
  { name: "point", encode: ({ point }) => point },
  { name: "effect", encode: ({ effect }) => effect },
  { name: "decision_effect", encode: ({ decision }) => decision.effect },
  ...principalColumns,
  { name: "dialect", encode: ({ call }) => text(call?.dialect ?? "") },
  { name: "operation", encode: ({ call }) => text(call?.operation ?? "") },
  { name: "metered", encode: ({ call }) => bool(call?.metered ?? true) },
  { name: "provider", encode: ({ call }) => text(call?.provider ?? "") },
  { name: "model", encode: ({ call }) => text(call?.model ?? "") },
  { name: "model_requested", encode: ({ call }) => text(call?.modelRequested ?? "") },
  { name: "stream", encode: ({ call }) => bool(call?.stream ?? false) },
  { name: "tool_names", encode: ({ call }) => textArray(call?.toolNames ?? []) },
  { name: "max_tokens", encode: ({ call }) => nullableInteger(call?.maxTokens ?? null) },
  { name: "request_bytes", encode: ({ call }) => nullableInteger(call?.bytes ?? null) },
  { name: "rule_ids", encode: ({ decision }) => textArray(decision.rules.map(({ id }) => id)) },
  {
    name: "rule_reasons",
    encode: ({ decision }) => textArray(decision.rules.map(({ reason }) => reason)),
  },
  {
    name: "rule_owners",
    encode: ({ decision }) => textArray(decision.rules.map(({ owner }) => owner)),
  },
  { name: "user_message", encode: ({ decision }) => text(decision.userMessage) },
  { name: "retryable", encode: ({ decision }) => bool(decision.retryable) },
  { name: "approvers", encode: ({ decision }) => textArray(decision.approvers ?? []) },
  { name: "obligations", encode: ({ decision }) => text(JSON.stringify(decision.obligations)) },
  { name: "policy_revision", encode: ({ decision }) => text(decision.revision) },
  { name: "policy_eval_us", encode: ({ decision }) => integer(decision.evalMicros) },
  { name: "input_digest", encode: ({ inputDigest }) => text(inputDigest) },
  { name: "tool_via", encode: ({ tool }) => tool?.via ?? "" },
  { name: "tool_server", encode: ({ tool }) => text(tool?.server ?? "") },
  { name: "tool_name", encode: ({ tool }) => text(tool?.name ?? "") },
  { name: "tool_schema_digest", encode: ({ tool }) => text(tool?.schemaDigest ?? "") },
  { name: "tool_args_digest", encode: ({ tool }) => text(tool?.argsDigest ?? "") },
];

/** The row of a policy decision, which is also a leaf of the audit log. */
export const decisionLayout: Layout<DecisionEvent> = {
  table: "decisions",
  timeColumn: "decided_at",
  isAudited: true,
  columns,
  widths: [36, 41],
};
