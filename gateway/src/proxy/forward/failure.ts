import { errors } from "undici";
import { Refusal } from "../refusal.ts";
import { UnreadableAnswer } from "../translate/translator.ts";

/** What a failed attempt at the provider means for the caller. */
export function upstreamRefusal(error: Error | null, begun: boolean): Refusal {
  // A body that streams through may turn out to be one that must not.
  if (error instanceof Refusal) return error;
  const options = { cause: error };
  if (error instanceof UnreadableAnswer) return new Refusal("WEIR_ANSWER_UNREADABLE", options);
  if (
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError ||
    error instanceof errors.ConnectTimeoutError
  ) {
    return new Refusal("WEIR_UPSTREAM_TIMEOUT", options);
  }
  return new Refusal(begun ? "WEIR_UPSTREAM_DIED" : "WEIR_UPSTREAM_UNREACHABLE", options);
}

const neverConnected = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH"]);

/** Whether the provider surely never saw the request, so that it cannot bill it. */
export function neverReached(error: Error | null): boolean {
  if (error instanceof errors.ConnectTimeoutError) return true;
  return error !== null && "code" in error && neverConnected.has(String(error.code));
}
