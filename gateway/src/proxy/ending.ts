/** How calls end, as values: the one place that says what goes into a row for which ending. */
import type { StreamEnd } from "../contracts/usage.ts";
import type { ResponseFacts } from "./dialects/dialect.ts";
import type { Ending, Exchange } from "./exchange.ts";
import { upstreamRefusal } from "./forward/failure.ts";
import type { Relayed } from "./forward/relay.ts";
import { notBilled, type Pricer } from "../prices/pricer.ts";
import { noUsage, usageOf } from "./meter/usage.ts";
import type { Refusal } from "./refusal.ts";

/** A call that no provider bills, so far without an outcome of its own. */
export function unbilledEnding(overheadMs: number): Ending {
  return {
    outcome: "internal_error",
    errorCode: "",
    status: 0,
    upstreamStatus: 0,
    upstreamRequestId: "",
    attempts: 0,
    modelUsed: "",
    usage: noUsage("complete"),
    cost: notBilled,
    toolCallCount: 0,
    responseBytes: 0,
    timeToFirstByteMs: null,
    overheadMs,
  };
}

/** A call that was refused before a provider was asked. */
export function refusedEnding(refusal: Refusal, status: number, overheadMs: number): Ending {
  return {
    ...unbilledEnding(overheadMs),
    outcome: refusal.outcome,
    errorCode: refusal.code,
    status,
    usage: noUsage(refusal.outcome === "denied" ? "policy_cut" : "complete"),
  };
}

/** A client that left before a provider was asked. */
export function abandonedEnding(overheadMs: number): Ending {
  return {
    ...unbilledEnding(overheadMs),
    outcome: "client_abort",
    usage: noUsage("client_abort"),
  };
}

/** Why an answer that ended is not a good one, or null if it is. */
export function relayedRefusal(relayed: Relayed, facts: ResponseFacts): Refusal | null {
  if (relayed.end === "failed") return upstreamRefusal(relayed.error, relayed.upstreamStatus !== 0);
  // A stream that closes in good order without its last event has not told its end either.
  const cutShort =
    relayed.end === "complete" &&
    relayed.streamed &&
    relayed.upstreamStatus < 400 &&
    !facts.usageIsFinal &&
    !facts.ended &&
    !facts.errorInStream;
  return cutShort ? upstreamRefusal(null, true) : null;
}

/** A call that a provider was asked for. */
export function relayedEnding(
  exchange: Exchange,
  relayed: Relayed,
  facts: ResponseFacts,
  refusal: Refusal | null,
  context: { pricer: Pricer; overheadMs: number },
): Ending {
  const failed = relayed.upstreamStatus >= 400 || facts.errorInStream;
  const streamEnd = streamEndOf(relayed, refusal, failed);
  const usage = usageOf(facts, streamEnd);
  const provider = exchange.upstream?.name ?? "";
  const billed = usage.tokens !== null || (relayed.upstreamStatus > 0 && !failed);
  const modelResolved = exchange.modelResolved ?? "";
  return {
    outcome: outcomeOf(relayed, refusal, failed),
    errorCode: refusal?.code ?? "",
    status: relayed.upstreamStatus,
    upstreamStatus: relayed.upstreamStatus,
    upstreamRequestId: relayed.upstreamRequestId,
    attempts: 1,
    modelUsed: facts.modelUsed.slice(0, 256),
    usage,
    cost: billed ? context.pricer.price(provider, modelResolved, usage.tokens) : notBilled,
    toolCallCount: facts.toolCallCount,
    responseBytes: relayed.responseBytes,
    timeToFirstByteMs:
      relayed.firstByteAt === null ? null : relayed.firstByteAt - exchange.startedAt,
    overheadMs: context.overheadMs,
  };
}

function outcomeOf(relayed: Relayed, refusal: Refusal | null, failed: boolean): Ending["outcome"] {
  if (relayed.end === "client_abort") return "client_abort";
  if (refusal !== null) return refusal.outcome;
  return failed ? "upstream_error" : "completed";
}

function streamEndOf(relayed: Relayed, refusal: Refusal | null, failed: boolean): StreamEnd {
  if (relayed.end === "client_abort") return "client_abort";
  if (refusal?.kind === "upstream_timeout") return "timeout";
  return refusal !== null || failed ? "upstream_error" : "complete";
}
