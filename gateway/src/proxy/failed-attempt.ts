import type { Attempt } from "../contracts/call-event.ts";
import type { Answered } from "./attempt.ts";
import { neverReached, upstreamRefusal } from "./forward/failure.ts";
import { notBilled, type Pricer } from "../prices/pricer.ts";
import { noUsage } from "./meter/usage.ts";

/**
 * The bill of an attempt that led nowhere. A provider does not bill an error that it answers with,
 * nor a request that never reached it; for one that broke off without an answer nobody knows.
 */
export function failedAttempt(
  { outgoing, relayed, durationMs }: Answered,
  pricer: Pricer,
): Attempt {
  const { upstream, model } = outgoing.target;
  const refusal = relayed.end === "failed" ? upstreamRefusal(relayed.error, false) : null;
  const isFree = relayed.upstreamStatus > 0 || neverReached(relayed.error);
  return {
    provider: upstream.name,
    model,
    status: relayed.upstreamStatus,
    errorCode: refusal?.code ?? "",
    durationMs: Math.max(0, Math.round(durationMs * 1000) / 1000),
    usage: noUsage(refusal?.kind === "upstream_timeout" ? "timeout" : "upstream_error"),
    cost: isFree ? notBilled : pricer.price(upstream.name, model, null),
  };
}
