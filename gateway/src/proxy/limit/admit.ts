import { Refusal } from "../refusal.ts";

/** What admission looks at: the ledger's room and the calls already under way. */
export interface Capacity {
  hasRoom(): boolean;
  readonly callsInFlight: number;
  readonly maxCallsInFlight: number;
  readonly draining: boolean;
}

/**
 * Lets a call in only if it can also be recorded and finished.
 *
 * @throws Refusal WEIR_DRAINING, WEIR_SPOOL_FULL, WEIR_OVERLOADED
 */
export function admit(capacity: Capacity): void {
  if (capacity.draining) throw new Refusal("WEIR_DRAINING");
  if (!capacity.hasRoom()) throw new Refusal("WEIR_SPOOL_FULL");
  if (capacity.callsInFlight >= capacity.maxCallsInFlight) throw new Refusal("WEIR_OVERLOADED");
}
