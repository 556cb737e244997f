import type { Exchange } from "../exchange.ts";
import { asRefusal, type Refusal } from "../refusal.ts";

/** What carries an answer, and can break it off in our own words. */
export interface Cuttable<T> {
  readonly ended: Promise<T>;
  /** Ends the answer with a refusal, and stops the provider; nothing once it has ended. */
  halt(refusal: Refusal): void;
}

/** Cuts an answer as soon as its call falls under a stop, maybe at once. */
export function cutWhenStopped<T>(
  { watched }: Pick<Exchange, "watched">,
  relay: Cuttable<T>,
): void {
  const signal = watched?.signal;
  if (signal === undefined) return;
  const halt = () => relay.halt(asRefusal(signal.reason));
  if (signal.aborted) {
    halt();
    return;
  }
  signal.addEventListener("abort", halt, { once: true });
  void relay.ended.then(() => signal.removeEventListener("abort", halt));
}
