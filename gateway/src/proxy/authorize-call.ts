/** The authorize stage as the pipeline runs it: decide on a target, write it down, enforce it. */
import type { DecisionEvent } from "../contracts/call-event.ts";
import { decide } from "./policy/decide.ts";
import { enforce } from "./authorize/enforce.ts";
import { llmCallInput } from "./authorize/input.ts";
import { narrowed } from "./authorize/narrow.ts";
import { mergeObligations, type Changes } from "./authorize/obligations.ts";
import type { Exchange } from "./exchange.ts";
import type { PipelineContext } from "./pipeline-context.ts";
import { targetsFor } from "./prepare-call.ts";
import { Refusal } from "./refusal.ts";
import type { Target } from "./route/target.ts";

/**
 * Takes the policy decision on a call as it would go to this target, aliases resolved, and writes
 * it down before its effect can be seen.
 *
 * @throws Refusal WEIR_POLICY_DENIED
 */
export function authorize(exchange: Exchange, target: Target, context: PipelineContext): Changes {
  const { principal, grant, facts, operation } = exchange;
  if (principal === undefined || grant === undefined || facts === undefined)
    throw new Refusal("WEIR_INTERNAL");
  const { policy } = context.snapshot();
  const input = llmCallInput({
    principal,
    operation,
    provider: target.upstream.name,
    model: target.model,
    facts,
    bytes: exchange.received?.bytes ?? 0,
    sessionId: exchange.asserted.sessionId,
    nowMs: exchange.startedAtMs,
    revision: policy?.revision ?? "",
  });
  const { decision: decided, inputDigest, error } = decide(policy, input, context.clock);
  const { metered } = operation;
  const decision = narrowed(decided, grant, {
    model: target.model,
    metered,
    toolNames: facts.toolNames,
  });
  exchange.decision = decision;
  if (error !== undefined)
    context.observer.failed("policy could not be evaluated", exchange, error);
  const event: DecisionEvent = {
    decision,
    callId: exchange.id,
    point: input.point,
    decidedAtMs: context.clock.nowMs(),
    principal,
    call: input.call ?? null,
    effect: decision.effect,
    inputDigest,
  };
  // Waited for at the call's end: an LLM call acts on nothing by itself.
  const written = context.spool.appendSoon({ type: "decision", event });
  written.catch((failure: unknown) => {
    context.observer.failed("decision could not be recorded at once", exchange, failure);
  });
  exchange.decisionWrites.push({ event, written });
  enforce(decision);
  return mergeObligations(decision.obligations);
}

/**
 * The target to which obligations send the call: the same one if they do not move it.
 *
 * @throws Refusal WEIR_POLICY_DENIED
 */
export function obligedTarget(
  exchange: Exchange,
  target: Target,
  changes: Changes,
  context: PipelineContext,
): Target {
  const { model, providers } = changes;
  if (model === null && (providers === null || providers.has(target.upstream.name))) return target;
  const facts = exchange.facts;
  const [moved] =
    facts === undefined
      ? []
      : targetsFor(exchange, facts, context, {
          model: model ?? target.model,
          ...(providers === null ? {} : { providers }),
        });
  if (moved === undefined) {
    throw new Refusal("WEIR_POLICY_DENIED", {
      message:
        "Policy sends this call to a provider that is not configured. Tell your platform team.",
    });
  }
  return moved;
}
