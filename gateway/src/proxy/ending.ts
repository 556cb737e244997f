/** How calls end, as values: the one place that says what goes into a row for which ending. */
import type { StreamEnd, Usage } from "../contracts/usage.ts";
import type { Answered } from "./attempt.ts";
import type { ResponseFacts } from "./dialects/dialect.ts";
import type { Ending, Exchange } from "./exchange.ts";
import { upstreamRefusal } from "./forward/failure.ts";
import type { Relayed } from "./forward/relayed.ts";
import { usageFlags } from "./meter/flags.ts";
import { noUsage, usageOf } from "./meter/usage.ts";
import { notBilled, type Pricer } from "../prices/pricer.ts";
import type { Refusal } from "./refusal.ts";

/** A call that no provider bills, so far without an outcome of its own. */
export function unbilledEnding(exchange: Exchange, nowMonotonicMs: number): Ending {
  return {
    outcome: "internal_error",
    errorCode: "",
    status: 0,
    upstreamStatus: 0,
    upstreamRequestId: "",
    attempts: exchange.failedAttempts.length,
    modelUsed: "",
    responseId: "",
    finishReasons: [],
    usage: noUsage("complete"),
    cost: notBilled,
    flags: [],
    toolCallCount: 0,
    responseBytes: 0,
    timeToFirstByteMs: null,
    overheadMs: exchange.overheadMs ?? nowMonotonicMs - exchange.startedAt,
  };
}

/** A call that was refused before a provider answered. */
export function refusedEnding(unbilled: Ending, refusal: Refusal, status: number): Ending {
  return {
    ...unbilled,
    outcome: refusal.outcome,
    errorCode: refusal.code,
    flags: limitFlags(refusal),
    status,
    usage: noUsage(refusal.outcome === "denied" ? "policy_cut" : "complete"),
  };
}

/** Which budget or limit said no. */
function limitFlags({ code, limit }: Refusal): string[] {
  const isBudget = code.startsWith("WEIR_BUDGET_") || code === "WEIR_RATE_LIMITED";
  return isBudget && limit !== undefined ? [`limit:${limit.name}`] : [];
}

/** A client that left before a provider answered. */
export function abandonedEnding(unbilled: Ending): Ending {
  return { ...unbilled, outcome: "client_abort", usage: noUsage("client_abort") };
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

/** A call that a provider answered, or at least was asked for last. */
export function relayedEnding(
  exchange: Exchange,
  { relayed, facts, outgoing, durationMs }: Answered,
  refusal: Refusal | null,
  pricer: Pricer,
): Ending {
  const failed = relayed.upstreamStatus >= 400 || facts.errorInStream;
  const streamEnd = streamEndOf(relayed, refusal, failed);
  const usage = usageOf(facts, streamEnd);
  const { upstream, model } = outgoing.target;
  const isBilled =
    !outgoing.metered.free &&
    facts.isBilledElsewhere !== true &&
    (usage.tokens !== null || (relayed.upstreamStatus > 0 && !failed));
  return {
    outcome: outcomeOf(relayed, refusal, failed),
    errorCode: refusal?.code ?? "",
    status: relayed.clientStatus ?? relayed.upstreamStatus,
    upstreamStatus: relayed.upstreamStatus,
    upstreamRequestId: relayed.upstreamRequestId,
    attempts: exchange.failedAttempts.length + 1,
    modelUsed: shortened(facts.modelUsed),
    responseId: shortened(facts.responseId),
    finishReasons: facts.finishReasons.slice(0, 16).map(shortened),
    usage,
    cost: isBilled
      ? pricer.price(
          upstream.name,
          model || facts.modelUsed,
          usage.tokens,
          priceFacts(usage, durationMs, exchange.startedAtMs),
        )
      : notBilled,
    flags: usageFlags(facts),
    toolCallCount: facts.toolCallCount,
    responseBytes: relayed.responseBytes,
    timeToFirstByteMs:
      relayed.firstByteAt === null ? null : relayed.firstByteAt - exchange.startedAt,
    overheadMs: exchange.overheadMs ?? 0,
  };
}

/** A provider's word as a row takes it: bounded, and without half a character where it is cut. */
function shortened(text: string): string {
  return text.slice(0, 256).toWellFormed();
}

/** What besides tokens a price may depend on. */
export function priceFacts({ serverToolCalls }: Usage, upstreamMs: number, atMs: number) {
  // Prices change by date, and a correction goes by the same one.
  return { atMs, upstreamMs, serverToolCalls };
}

function outcomeOf(relayed: Relayed, refusal: Refusal | null, failed: boolean): Ending["outcome"] {
  if (relayed.end === "client_abort") return "client_abort";
  if (refusal !== null) return refusal.outcome;
  return failed ? "upstream_error" : "completed";
}

function streamEndOf(relayed: Relayed, refusal: Refusal | null, failed: boolean): StreamEnd {
  if (relayed.end === "client_abort") return "client_abort";
  if (refusal?.kind === "upstream_timeout") return "timeout";
  if (refusal?.kind === "denied") return "policy_cut";
  return refusal !== null || failed ? "upstream_error" : "complete";
}
