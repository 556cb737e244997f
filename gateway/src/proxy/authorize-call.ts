/** The authorize stage as the pipeline runs it: decide, write down, enforce, and say what must change. */
import type { DecisionEvent } from "../contracts/call-event.ts";
import { decide } from "./authorize/decide.ts";
import { enforce } from "./authorize/enforce.ts";
import { llmCallInput } from "./authorize/input.ts";
import { mergeObligations, type Changes } from "./authorize/obligations.ts";
import type { Exchange } from "./exchange.ts";
import type { Upstream, Upstreams } from "./forward/upstream.ts";
import type { PipelineContext } from "./pipeline-context.ts";
import { Refusal } from "./refusal.ts";
import type { ActiveSnapshot } from "./snapshot/active-snapshot.ts";

/**
 * Takes the one policy decision on a call and writes it down before its effect can be seen.
 *
 * @throws Refusal WEIR_POLICY_DENIED
 */
export function authorize(
  exchange: Exchange,
  upstream: Upstream,
  snapshot: ActiveSnapshot,
  context: PipelineContext,
): Changes {
  const { principal, facts, dialect } = exchange;
  if (principal === undefined || facts === undefined) throw new Refusal("WEIR_INTERNAL");
  const input = llmCallInput({
    principal,
    dialect: dialect.name,
    provider: upstream.name,
    facts,
    bytes: exchange.body?.length ?? 0,
    sessionId: exchange.asserted.sessionId,
    nowMs: exchange.startedAtMs,
    revision: snapshot.policy?.revision ?? "",
  });
  const { decision, inputDigest, error } = decide(snapshot.policy, input, context.clock);
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
  // Not waited for: an LLM call acts on nothing by itself, and its own row waits for the spool.
  context.spool.appendSoon({ type: "decision", event }).catch((failure: unknown) => {
    context.observer.failed("decision could not be recorded", exchange, failure);
  });
  enforce(decision);
  return mergeObligations(decision.obligations);
}

/**
 * The provider to which an obligation sends the call, or null if it stays where it is.
 *
 * @throws Refusal WEIR_POLICY_DENIED
 */
export function routeAgain(exchange: Exchange, changes: Changes, upstreams: Upstreams) {
  if (changes.model === null && changes.providers === null) return null;
  const { providerDialect } = exchange.dialect;
  const model = changes.model ?? exchange.modelResolved ?? "";
  const upstream = upstreams.select(providerDialect, model, changes.providers);
  if (upstream === undefined) {
    throw new Refusal("WEIR_POLICY_DENIED", {
      message:
        "Policy sends this call to a provider that is not configured. Tell your platform team.",
    });
  }
  return upstream;
}
