import { expect, test } from "vitest";
import { SpoolFullError } from "../../ledger/spool/errors.ts";
import { allow, asked, caller, gate } from "./testing/gate-fixture.ts";

test("an allowed call is on record before the answer, without its arguments", async () => {
  const { decide, events, inputs } = gate();
  const verdict = await decide(caller, asked);
  expect(verdict.decision).toMatchObject({ effect: "allow", id: "d-1", revision: "r-1" });
  expect(inputs[0]?.tool).toMatchObject({ server: "bank", name: "transfer", args: { amount: 5 } });
  expect(events).toMatchObject([
    {
      point: "tool_call",
      effect: "allow",
      callId: "c-1",
      tool: { via: "mcp", server: "bank", name: "transfer", argsDigest: verdict.argsDigest },
    },
  ]);
  expect(JSON.stringify(events)).not.toContain("GB1");
  expect(verdict.argsDigest).toMatch(/^[0-9a-f]{64}$/);
});

test("the digests are those of the canonical form, whatever the spelling", async () => {
  const { decide } = gate();
  const one = await decide(caller, asked);
  const other = await decide(caller, {
    ...asked,
    argsText: '{ "amount": 5.0, "to": "\\u0047B1" }',
  });
  expect(other.argsDigest).toBe(one.argsDigest);
  const more = await decide(caller, { ...asked, argsText: '{"to":"GB1","amount":6}' });
  expect(more.argsDigest).not.toBe(one.argsDigest);
});

test("a credential's own list of tools narrows what policy allows", async () => {
  const { decide, inputs } = gate();
  const narrowed = (...tools: string[][]) =>
    decide({ ...caller, grant: { scopes: null, models: null, tools } }, asked);
  expect((await narrowed(["bank/*"])).decision.effect).toBe("allow");
  for (const lists of [[["transfer"]], [["bank/*"], ["read_*"]], [[]]]) {
    const { decision } = await narrowed(...lists);
    expect(decision.rules[0]?.id).toBe("key.tool_not_allowed");
  }
  expect(inputs).toHaveLength(1);
});

test("what cannot be recorded is not allowed", async () => {
  const { decide, errors } = gate(allow, {
    spool: { append: () => Promise.reject(new SpoolFullError("spool")) },
  });
  const { decision } = await decide(caller, asked);
  expect([decision.effect, decision.rules[0]?.id]).toEqual(["deny", "runtime_error:not_recorded"]);
  expect(errors).toHaveLength(1);
});

test("whatever fails on the way is a denial that is on record", async () => {
  const { decide, events } = gate(allow, {
    factsOf: () => {
      throw new Error("defect");
    },
  });
  const { decision } = await decide(caller, asked);
  expect(decision.rules[0]?.id).toBe("runtime_error:tool_gate");
  expect(events).toHaveLength(1);
});

test("without a policy, and with one that cannot be evaluated, everything is denied", async () => {
  const none = await gate(allow, { policy: () => null }).decide(caller, asked);
  expect(none.decision.rules[0]?.id).toBe("runtime_error:no_policy");
});

test("an obligation that nobody can carry out on a tool call denies; a label does not", async () => {
  const cap = { ...allow, obligations: [{ type: "cap_max_tokens" as const, maxTokens: 1 }] };
  expect((await gate(cap).decide(caller, asked)).decision.effect).toBe("deny");
  const label = { ...allow, obligations: [{ type: "label" as const, labels: ["seen"] }] };
  expect((await gate(label).decide(caller, asked)).decision.effect).toBe("allow");
});

test("a refusal of Weir's own comes before policy", async () => {
  const refusal = { id: "stop.all", reason: "Stopped.", userMessage: "Stopped." };
  const { decide, inputs } = gate(allow, { refusalOf: () => refusal });
  expect((await decide(caller, asked)).decision).toMatchObject({
    effect: "deny",
    retryable: false,
  });
  expect(inputs).toEqual([]);
});

test("the same call has the same input wherever it appears, but for when", async () => {
  const { decide, inputs } = gate();
  for (const via of ["model", "mcp", "action"] as const) await decide(caller, { ...asked, via });
  expect(new Set(inputs.map((input) => JSON.stringify(input))).size).toBe(1);
});
