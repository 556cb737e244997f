import { Value } from "typebox/value";
import { expect, test } from "vitest";
import { PolicyInput } from "../../contracts/policy-input.ts";
import { callFacts } from "../dialects/call-facts.ts";
import { llmCallInput } from "./input.ts";

/** RFC 8785 §3.2.3: members sorted by their UTF-16 code units. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([name, member]) => [name, canonical(member)]));
}

const operation = { id: "messages", metered: true, dialect: { name: "anthropic" } };

const input = llmCallInput({
  principal: {
    roles: ["employee"],
    id: "p",
    kind: "agent",
    onBehalfOf: "q",
    agentId: "a",
    teamId: "t",
    costCenter: "",
    keyId: "k",
    assurance: "api_key",
  },
  operation,
  provider: "simulator",
  model: "m",
  facts: callFacts({ model: "alias", stream: true, toolNames: ["z", "a"], messageCount: 1 }),
  bytes: 10,
  sessionId: "s",
  nowMs: 0,
  revision: "r",
});

test("the policy input is what the contract says", () => {
  expect(Value.Errors(PolicyInput, input)).toEqual([]);
});

test("the policy input's JSON text is canonical, so that its digest can be reproduced", () => {
  expect(JSON.stringify(input)).toBe(JSON.stringify(canonical(input)));
});
