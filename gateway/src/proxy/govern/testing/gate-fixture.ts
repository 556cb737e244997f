import { Value } from "typebox/value";
import type { DecisionEvent } from "../../../contracts/call-event.ts";
import type { PolicyResult } from "../../../contracts/decision.ts";
import { PolicyInput } from "../../../contracts/policy-input.ts";
import { createToolGate, noFacts, type ToolGateOptions } from "../create-tool-gate.ts";
import type { AskedToolCall, ToolCaller } from "../tool-gate.ts";

export const allow: PolicyResult = {
  effect: "allow",
  rules: [{ id: "test.allow", reason: "Allowed.", owner: "test" }],
  userMessage: "",
  retryable: false,
  obligations: [],
};
export const caller: ToolCaller = {
  principal: {
    id: "ada",
    kind: "person",
    teamId: "blue",
    costCenter: "",
    roles: [],
    keyId: "k",
    assurance: "api_key",
  },
  grant: { scopes: null, models: null },
  sessionId: "s-1",
  callId: "c-1",
};
export const asked: AskedToolCall = {
  via: "mcp",
  server: "bank",
  name: "transfer",
  argsText: '{"to":"GB1","amount":5}',
  schema: {
    type: "object",
    properties: { to: { type: "string" }, amount: { type: "number", maximum: 100 } },
    required: ["to", "amount"],
    additionalProperties: false,
  },
};

/** A gate whose policy answers as told, and what it was asked and has recorded. */
export function gate(result: PolicyResult = allow, changes: Partial<ToolGateOptions> = {}) {
  const inputs: PolicyInput[] = [];
  const events: DecisionEvent[] = [];
  const errors: unknown[] = [];
  let ids = 0;
  const made = createToolGate({
    policy: () => ({
      revision: "r-1",
      evaluator: {
        revision: "r-1",
        decide: (_point, input) => {
          const text = input instanceof ArrayBuffer ? Buffer.from(input).toString() : "null";
          inputs.push(Value.Parse(PolicyInput, JSON.parse(text)));
          return result;
        },
        setData: () => undefined,
      },
    }),
    spool: {
      append: async (record) => {
        if (record.type === "decision") events.push(record.event);
      },
    },
    clock: { nowMs: () => 1_000, monotonicMs: () => 1, newId: () => `d-${(ids += 1)}` },
    factsOf: () => noFacts,
    refusalOf: () => null,
    onError: (error) => errors.push(error),
    ...changes,
  });
  return { ...made, inputs, events, errors };
}
