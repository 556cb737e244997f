/** A decider that answers as told, and what it was asked. */
import type { Decision } from "../../../contracts/decision.ts";
import type { AskedToolCall, ToolCaller, ToolGate } from "../../govern/tool-gate.ts";

export function gateThat(effect: Decision["effect"], more: Partial<Decision> = {}) {
  const asked: [ToolCaller, AskedToolCall][] = [];
  const toolGate: ToolGate = {
    decide: async (...question) => {
      asked.push(question);
      return {
        decision: {
          id: "decision-7",
          effect,
          rules: [{ id: "mail.external", reason: "Mail leaves the company.", owner: "security" }],
          userMessage: effect === "allow" ? "" : "Mail to others needs a yes.",
          retryable: false,
          obligations: [],
          revision: "rev-1",
          evalMicros: 3,
          ...more,
        },
        schemaDigest: "s",
        argsDigest: "a",
      };
    },
  };
  return { toolGate, asked };
}
