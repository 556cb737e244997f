import type { DecisionEvent } from "../../contracts/call-event.ts";
import type { Decision } from "../../contracts/decision.ts";
import { matchesPattern } from "../../contracts/pattern.ts";
import type { Spool } from "../../ledger/spool/open-spool.ts";
import { decide } from "../policy/decide.ts";
import type { ActivePolicy } from "../snapshot/active-snapshot.ts";
import type { JsonObject } from "../dialects/json-body.ts";
import { readArguments } from "./read-arguments.ts";
import { SchemaValidator } from "./schema-validator.ts";
import type { AskedToolCall, ToolCaller, ToolGate, ToolVerdict } from "./tool-gate.ts";
import { type SessionFacts, toolCallInput } from "./tool-input.ts";

export interface ToolGateOptions {
  readonly policy: () => ActivePolicy | null;
  readonly spool: Pick<Spool, "append">;
  readonly clock: { nowMs(): number; monotonicMs(): number; newId(): string };
  /** What is known of the session; told of each call before it is decided. */
  readonly factsOf: (caller: ToolCaller, asked: AskedToolCall, args: JsonObject) => SessionFacts;
  /** A reason to deny before policy is asked, such as a stop that is in force; null = none. */
  readonly refusalOf: (caller: ToolCaller, asked: AskedToolCall) => ToolRefusal | null;
  /** For the operator's log. */
  readonly onError: (error: unknown) => void;
}

/** Why a call is denied whatever policy says. */
export interface ToolRefusal {
  /** Of the rule that the decision names. */
  readonly id: string;
  readonly reason: string;
  readonly userMessage: string;
}

type Decided = Pick<ToolVerdict, "schemaDigest" | "argsDigest"> & {
  readonly decision: Decision;
  readonly inputDigest: string;
};

export const noFacts: SessionFacts = { taint: [], calls: 0, provenance: {} };

/** The gate of a proxy worker. */
export function createToolGate(options: ToolGateOptions): ToolGate {
  const validator = new SchemaValidator();
  return {
    decide: async (caller, asked) => {
      const decided = guarded(options, () => decideOn(options, validator, caller, asked));
      const { decision, schemaDigest, argsDigest, inputDigest } = decided;
      try {
        await options.spool.append({
          type: "decision",
          event: eventOf(options, caller, asked, decided, inputDigest),
        });
        return { decision, schemaDigest, argsDigest };
      } catch (error) {
        options.onError(error);
        return { decision: unrecorded(decision), schemaDigest, argsDigest };
      }
    },
  };
}

/** Whatever fails is a denial. */
function guarded(options: ToolGateOptions, work: () => Decided): Decided {
  try {
    return work();
  } catch (error) {
    options.onError(error);
    const refusal = {
      id: "runtime_error:tool_gate",
      reason: "The tool call could not be decided.",
      userMessage:
        "The tool call could not be decided, so it is not allowed. Tell your platform team.",
    };
    return denied(options, refusal, { schemaDigest: "", argsDigest: "" });
  }
}

function decideOn(
  options: ToolGateOptions,
  validator: SchemaValidator,
  caller: ToolCaller,
  asked: AskedToolCall,
): Decided {
  const schema = validator.for(asked.schema);
  const read = readArguments(asked.argsText);
  const digests = {
    schemaDigest: schema.digest,
    argsDigest: typeof read === "string" ? "" : read.digest,
  };
  const refusal = options.refusalOf(caller, asked);
  if (refusal !== null) return denied(options, refusal, digests);
  if (typeof read === "string")
    return denied(options, badArguments(`The arguments ${read}.`), digests, true);
  const misfit = schema.check(read.args);
  if (misfit !== null) return denied(options, badArguments(misfit), digests, true);
  if (!isGranted(caller, asked)) return denied(options, notGranted(asked), digests);
  const policy = options.policy();
  const input = toolCallInput({
    caller,
    server: asked.server,
    name: asked.name,
    args: read.args,
    schemaDigest: schema.digest,
    facts: options.factsOf(caller, asked, read.args),
    nowMs: options.clock.nowMs(),
    revision: policy?.revision ?? "",
  });
  const { decision, inputDigest, error } = decide(policy, input, options.clock);
  if (error !== undefined) options.onError(error);
  return { decision: withKnownObligations(decision), inputDigest, ...digests };
}

function denied(
  { policy, clock }: ToolGateOptions,
  { id, reason, userMessage }: ToolRefusal,
  digests: Pick<Decided, "schemaDigest" | "argsDigest">,
  retryable = false,
): Decided {
  const decision: Decision = {
    id: clock.newId(),
    effect: "deny",
    rules: [{ id, reason, owner: "weir" }],
    userMessage,
    retryable,
    obligations: [],
    revision: policy()?.revision ?? "",
    evalMicros: 0,
  };
  return { decision, inputDigest: "", ...digests };
}

/** Other arguments may be right: the model is told, and may try again. */
function badArguments(reason: string): ToolRefusal {
  return {
    id: "tool.arguments_invalid",
    reason,
    userMessage: `${reason} Correct them and try again.`,
  };
}

/** `server/tool`, or the name alone of a tool that the client runs itself. */
export function qualifiedName({ server, name }: Pick<AskedToolCall, "server" | "name">): string {
  return server === "" ? name : `${server}/${name}`;
}

function isGranted({ grant }: ToolCaller, asked: AskedToolCall): boolean {
  const name = qualifiedName(asked);
  return (grant.tools ?? []).every((list) => list.some((pattern) => matchesPattern(pattern, name)));
}

function notGranted(asked: AskedToolCall): ToolRefusal {
  const name = qualifiedName(asked);
  return {
    id: "key.tool_not_allowed",
    reason: `What the agent has been granted does not cover the tool ${name}.`,
    userMessage: `This credential may not be used with the tool ${name}. Go on without it, or ask the person to grant it.`,
  };
}

/** A call never goes on with an obligation left undone; a label is all that a call can be given. */
function withKnownObligations(decision: Decision): Decision {
  const unknown = decision.obligations.find(({ type }) => type !== "label");
  if (unknown === undefined || decision.effect === "deny") return decision;
  const reason = `Policy asks for ${unknown.type}, which cannot be done to a tool call.`;
  return {
    ...decision,
    effect: "deny",
    rules: [{ id: "runtime_error:obligation", reason, owner: "weir" }],
    userMessage: `${reason} Tell your security team.`,
    obligations: [],
  };
}

function unrecorded(decision: Decision): Decision {
  const reason = "The decision could not be recorded, and what is not on record is not allowed.";
  return {
    ...decision,
    effect: "deny",
    rules: [{ id: "runtime_error:not_recorded", reason, owner: "weir" }],
    userMessage: `${reason} Try again later.`,
    retryable: true,
    obligations: [],
  };
}

function eventOf(
  { clock }: ToolGateOptions,
  { principal, callId }: ToolCaller,
  { via, server, name }: AskedToolCall,
  { decision, schemaDigest, argsDigest }: Decided,
  inputDigest: string,
): DecisionEvent {
  return {
    decision,
    callId,
    point: "tool_call",
    decidedAtMs: clock.nowMs(),
    principal,
    call: null,
    tool: { via, server, name, schemaDigest, argsDigest },
    effect: decision.effect,
    inputDigest,
  };
}
