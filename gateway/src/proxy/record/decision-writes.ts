import type { DecisionEvent } from "../../contracts/call-event.ts";
import { SpoolFullError } from "../../ledger/spool/errors.ts";
import type { Spool } from "../../ledger/spool/open-spool.ts";

/** A decision on its way into the spool, which the call goes on beside. */
export interface DecisionWrite {
  readonly event: DecisionEvent;
  readonly written: Promise<void>;
}

/**
 * Waits until the decisions on a call are in the spool. One that found it full is handed in again:
 * there may be room for the call's row by now, which must not stand there without its decision.
 *
 * @throws SpoolFullError, SpoolWriteError: the call must not look complete to its client.
 */
export async function settleDecisionWrites(
  writes: readonly DecisionWrite[],
  spool: Pick<Spool, "append">,
): Promise<void> {
  for (const { event, written } of writes) {
    try {
      await written;
    } catch (failure) {
      // After any other failure it cannot be known that the row is not there: it would be twice.
      if (!(failure instanceof SpoolFullError)) throw failure;
      await spool.append({ type: "decision", event });
    }
  }
}
