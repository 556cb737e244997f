import type { ObservedAttempt } from "./observed-call.ts";

/** What became of an attempt, in a few fixed words or one of our own codes. */
export function attemptOutcome({ status, errorCode }: ObservedAttempt): string {
  if (status === 429) return "rate_limited";
  if (status >= 500) return "server_error";
  if (status >= 400) return "client_error";
  if (errorCode !== "") return errorCode.replace(/^WEIR_/, "").toLowerCase();
  return status === 0 ? "abandoned" : "answered";
}
