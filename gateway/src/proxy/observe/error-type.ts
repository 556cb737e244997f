import type { ObservedAttempt, ObservedCall } from "./observed-call.ts";

/**
 * `error.type`: the provider's status if that is what went wrong, else our code, else the outcome.
 * Null for a call that completed.
 */
export function errorTypeOf(
  call: Pick<ObservedCall, "outcome" | "errorCode" | "upstreamStatus">,
): string | null {
  if (call.outcome === "completed") return null;
  if (call.outcome === "client_abort") return call.outcome;
  if (call.upstreamStatus >= 400) return String(call.upstreamStatus);
  return call.errorCode === "" ? call.outcome : call.errorCode;
}

export function attemptErrorType({ status, errorCode }: ObservedAttempt): string | null {
  if (status >= 400) return String(status);
  return errorCode === "" ? null : errorCode;
}
