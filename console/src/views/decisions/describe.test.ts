import { describe, expect, test } from "vitest";
import { changedDecision, deniedDecision } from "../../testing/fixtures.ts";
import { describePoint, targetOf, verdictOf, whyOf } from "./describe-decision.ts";
import { describeObligation } from "./describe-obligation.ts";

test("every obligation is told in words", () => {
  expect(describeObligation({ type: "cap_max_tokens", maxTokens: 1000 })).toBe(
    "output capped at 1,000 tokens",
  );
  expect(describeObligation({ type: "set_model", model: "gpt-5-mini" })).toBe(
    "model changed to gpt-5-mini",
  );
  expect(describeObligation({ type: "strip_tools", tools: ["bash"] })).toBe("tool removed: bash");
  expect(describeObligation({ type: "redact", paths: ["/a", "/b"] })).toBe(
    "2 fields redacted: /a, /b",
  );
  expect(describeObligation({ type: "pin_provider", providers: ["eu"] })).toBe("sent only to eu");
  expect(describeObligation({ type: "label", labels: ["x"] })).toBe("labelled x");
});

test("what was asked for is the model, with the alias it was named by, or the operation", () => {
  expect(targetOf(changedDecision)).toBe("gpt-5");
  expect(targetOf({ ...changedDecision, modelRequested: "fast" })).toBe("gpt-5 (as fast)");
  const modelless = { ...changedDecision, model: "", modelRequested: "" };
  expect(targetOf({ ...modelless, operation: "files.create" })).toBe("files.create");
  expect(targetOf({ ...modelless, operation: "" })).toBe("Model call");
});

describe("verdict", () => {
  test("an allowed call with an obligation was changed", () => {
    expect(verdictOf(deniedDecision)).toBe("denied");
    expect(verdictOf(changedDecision)).toBe("changed");
    expect(verdictOf({ ...changedDecision, obligations: [] })).toBe("allowed");
    expect(verdictOf({ ...changedDecision, effect: "approve" })).toBe("approval");
  });

  test("there is always a reason to read", () => {
    expect(whyOf(deniedDecision)).toBe(deniedDecision.userMessage);
    expect(whyOf(changedDecision)).toContain("At most 1,000 output tokens.");
    expect(whyOf({ ...deniedDecision, userMessage: "", rules: [] })).toBe(
      "No rule allows this call.",
    );
    expect(describePoint("weir/llm_call")).toBe("Model call");
    expect(describePoint("something_new")).toBe("something_new");
  });
});
