import type { Exchange } from "../exchange.ts";
import { asRefusal } from "../refusal.ts";

/** @throws Refusal WEIR_STOPPED once the call falls under a stop. */
export function throwIfStopped({ watched }: Pick<Exchange, "watched">): void {
  if (watched?.signal.aborted === true) throw asRefusal(watched.signal.reason);
}
