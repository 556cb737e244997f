/** The one place that knows how a call of the pipeline looks to telemetry. */
import { type Ending, type Exchange, modelResolvedOf } from "../exchange.ts";
import type { ObservedAttempt, ObservedCall, ObservedProvider } from "./observed-call.ts";

type Upstream = NonNullable<Exchange["target"]>["upstream"];

/** What an ended call was, at the moment `nowMonotonicMs`. `upstreams`: all that are configured. */
export function observeExchange(
  exchange: Exchange,
  ending: Ending,
  upstreams: readonly Upstream[],
  nowMonotonicMs: number,
): ObservedCall {
  const { facts, decision, operation, target } = exchange;
  const durationMs = nowMonotonicMs - exchange.startedAt;
  return {
    id: exchange.id,
    trace: exchange.trace,
    dialect: operation.dialect.name,
    operation: operation.id,
    provider: target === undefined ? null : providerOf(target.upstream),
    model: modelResolvedOf(exchange),
    modelUsed: ending.modelUsed,
    stream: facts?.stream ?? false,
    maxTokens: facts?.maxTokens ?? null,
    conversationId: exchange.asserted.sessionId,
    startedAtMs: exchange.startedAtMs,
    durationMs,
    overheadMs: ending.overheadMs,
    timeToFirstByteMs: ending.timeToFirstByteMs,
    outcome: ending.outcome,
    errorCode: ending.errorCode,
    upstreamStatus: ending.upstreamStatus,
    responseId: ending.responseId,
    finishReasons: ending.finishReasons,
    usage: ending.usage,
    costStatus: ending.cost.status,
    flags: ending.flags,
    assertsAnother: assertsAnother(exchange),
    decision:
      decision === undefined
        ? null
        : {
            id: decision.id,
            effect: decision.effect,
            revision: decision.revision,
            ruleIds: decision.rules.map(({ id }) => id),
          },
    attempts: attemptsOf(exchange, ending, upstreams, durationMs),
  };
}

/** Many clients send a user of their own making: a count that leaps tells more than one call. */
function assertsAnother({ facts, principal }: Exchange): boolean {
  const asserted = facts?.assertedUserId ?? "";
  if (asserted === "" || principal === undefined) return false;
  return asserted !== principal.id && asserted !== principal.onBehalfOf;
}

/** One behind the other: a pause between two is counted to the start of the later one. */
function attemptsOf(
  exchange: Exchange,
  ending: Ending,
  upstreams: readonly Upstream[],
  callDurationMs: number,
): ObservedAttempt[] {
  const method = methodOf(exchange);
  let startedAfterMs = ending.overheadMs;
  const attempts: ObservedAttempt[] = [];
  for (const { provider: name, model, status, errorCode, durationMs } of exchange.failedAttempts) {
    const upstream = upstreams.find((one) => one.name === name);
    if (upstream === undefined) continue;
    const provider = providerOf(upstream);
    attempts.push({ provider, model, method, status, errorCode, startedAfterMs, durationMs });
    startedAfterMs += durationMs;
  }
  if (ending.attempts <= exchange.failedAttempts.length || exchange.target === undefined) {
    return attempts;
  }
  attempts.push({
    provider: providerOf(exchange.target.upstream),
    model: modelResolvedOf(exchange),
    method,
    status: ending.upstreamStatus,
    errorCode: ending.errorCode,
    startedAfterMs,
    durationMs: Math.max(0, callDurationMs - startedAfterMs),
  });
  return attempts;
}

function providerOf({ name, dialect, origin, basePath }: Upstream): ObservedProvider {
  return { name, dialect, baseUrl: `${origin}${basePath}` };
}

function methodOf({ operation }: Exchange): string {
  if (operation.kind === "opaque") return operation.method;
  return operation.kind === "models" ? "GET" : "POST";
}
