import { errors } from "undici";
import { Refusal } from "../refusal.ts";

/** What a failed attempt at the provider means for the caller. */
export function upstreamRefusal(error: Error | null, begun: boolean): Refusal {
  const options = { cause: error };
  if (
    error instanceof errors.HeadersTimeoutError ||
    error instanceof errors.BodyTimeoutError ||
    error instanceof errors.ConnectTimeoutError
  ) {
    return new Refusal("WEIR_UPSTREAM_TIMEOUT", options);
  }
  return new Refusal(begun ? "WEIR_UPSTREAM_DIED" : "WEIR_UPSTREAM_UNREACHABLE", options);
}
