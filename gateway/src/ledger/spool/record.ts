import type { CallEvent, DecisionEvent } from "../../contracts/call-event.ts";

/** One entry of the ledger as a proxy writes it. */
export type SpoolRecord =
  | { readonly type: "call"; readonly event: CallEvent }
  | { readonly type: "decision"; readonly event: DecisionEvent };

/** A record together with its place in the spool that holds it. */
export type SequencedRecord = SpoolRecord & { readonly sequence: number };
