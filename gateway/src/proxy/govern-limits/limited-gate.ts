import type { Decision } from "../../contracts/decision.ts";
import type { DecisionEvent } from "../../contracts/call-event.ts";
import type { AskedToolCall, ToolCaller, ToolGate, ToolVerdict } from "../govern/tool-gate.ts";
import type { LiveStops } from "../stop/live-stops.ts";
import { stopped } from "../stop/live-stops.ts";
import type { Breach, SessionLimits } from "./session-limits.ts";

export interface LimitedGateOptions {
  readonly gate: ToolGate;
  readonly limits: Pick<SessionLimits, "begin">;
  readonly stops: Pick<LiveStops, "findForTool" | "pause">;
  readonly newId: () => string;
  /** Puts a denial on record that no policy has made. */
  readonly record: (
    verdict: ToolVerdict,
    ...asked: Parameters<ToolGate["decide"]>
  ) => Promise<void>;
  readonly onError: (message: string, error: unknown) => void;
}

/** The gate behind stops and limits: what they deny, no policy is asked about. */
export function limitedGate(options: LimitedGateOptions): ToolGate {
  const { gate, limits, stops, onError } = options;
  const deny = async (
    ruleId: string,
    message: string,
    ...asked: Parameters<ToolGate["decide"]>
  ) => {
    const verdict = denial(options.newId(), ruleId, message);
    await options
      .record(verdict, ...asked)
      .catch((error: unknown) => onError("a denial could not be recorded", error));
    return verdict;
  };
  const decideOn = async (...[caller, asked]: Parameters<ToolGate["decide"]>) => {
    const { principal, sessionId } = caller;
    const stop = stops.findForTool({ principal, sessionId }, asked);
    if (stop !== null) return deny("weir.stopped", stopped(stop).message, caller, asked);
    const step = limits.begin(caller, asked);
    if (step.breach !== null) {
      pause(step.breach, stops, onError);
      return deny(step.breach.ruleId, step.breach.message, caller, asked);
    }
    const verdict = await gate.decide({ ...caller, limits: step.values }, asked);
    if (verdict.decision.effect !== "allow") step.withdraw();
    return verdict;
  };
  return {
    decide: async (caller, asked) => {
      try {
        return await decideOn(caller, asked);
      } catch (error) {
        onError("a tool call could not be held against stops and limits", error);
        const message = "The tool call could not be decided, so it is not allowed.";
        return deny("runtime_error:limits", message, caller, asked);
      }
    },
  };
}

/** In force here at once; that control hears of it may take longer than the call. */
function pause(
  breach: Breach,
  stops: Pick<LiveStops, "pause">,
  onError: LimitedGateOptions["onError"],
): void {
  stops.pause(breach.pause).catch((error: unknown) => {
    onError("control was not told of a pause", error);
  });
}

function denial(id: string, ruleId: string, message: string): ToolVerdict {
  const decision: Decision = {
    id,
    effect: "deny",
    rules: [{ id: ruleId, reason: message, owner: "weir" }],
    userMessage: message,
    retryable: false,
    obligations: [],
    revision: "",
    evalMicros: 0,
  };
  return { decision, schemaDigest: "", argsDigest: "" };
}

/** The row of a denial that no policy has made. */
export function toolDenial(
  decision: Decision,
  { principal, callId }: ToolCaller,
  { via, server, name }: AskedToolCall,
  decidedAtMs: number,
): DecisionEvent {
  const { effect } = decision;
  return {
    decision,
    callId,
    point: "tool_call",
    decidedAtMs,
    principal,
    call: null,
    tool: { via, server, name, schemaDigest: "", argsDigest: "" },
    effect,
    inputDigest: "",
  };
}
