import type { ToolGate } from "../govern/tool-gate.ts";
import type { PipelineContext } from "../pipeline-context.ts";

/** The gate of a proxy that decides no tool calls yet: nothing may be done. */
export function denyAll(clock: Pick<PipelineContext["clock"], "newId">): ToolGate {
  return {
    decide: async () => ({
      decision: {
        id: clock.newId(),
        effect: "deny",
        rules: [
          {
            id: "weir.tool_gate_missing",
            reason: "No tool calls are decided here.",
            owner: "weir",
          },
        ],
        userMessage: "This gateway decides no tool calls, so it allows none.",
        retryable: false,
        obligations: [],
        revision: "",
        evalMicros: 0,
      },
      schemaDigest: "",
      argsDigest: "",
    }),
  };
}
