import { expect, test } from "vitest";
import type { Obligation } from "../../contracts/decision.ts";
import { mergeObligations } from "./obligations.ts";

const obligations: Obligation[] = [
  { type: "cap_max_tokens", maxTokens: 50 },
  { type: "strip_tools", tools: ["a", "b"] },
  { type: "cap_max_tokens", maxTokens: 20 },
  { type: "pin_provider", providers: ["x", "y"] },
  { type: "strip_tools", tools: ["b", "c"] },
  { type: "pin_provider", providers: ["y", "z"] },
  { type: "set_model", model: "m" },
  { type: "set_model", model: "m" },
  { type: "label", labels: ["l"] },
];

test("merges to the smallest cap, the union of strips and the intersection of providers, in any order", () => {
  for (const order of [obligations, obligations.toReversed()]) {
    expect(mergeObligations(order)).toEqual({
      maxTokens: 20,
      model: "m",
      stripTools: new Set(["a", "b", "c"]),
      providers: new Set(["y"]),
    });
  }
});

test("denies rather than leave an obligation undone", () => {
  const undone: Obligation[][] = [
    [{ type: "redact", paths: ["/messages/0"] }],
    [
      { type: "set_model", model: "a" },
      { type: "set_model", model: "b" },
    ],
  ];
  for (const each of undone) {
    expect(() => mergeObligations(each)).toThrow(
      expect.objectContaining({ code: "WEIR_POLICY_DENIED" }),
    );
  }
});
