import type { StopView } from "../../contracts/api/stops.ts";
import { ControlError } from "../errors.ts";
import { bumpRevision, type ControlContext, recordChange } from "../store/change.ts";
import { selectStops } from "./list-stops.ts";
import { mayLiftOwn } from "./may-lift-own.ts";
import { toStopView } from "./stop-record.ts";

export interface LiftStopInput {
  readonly stopId: string;
  readonly reason: string;
  /** Set when a person lifts by themself: a stop that is not theirs to lift is then not found. */
  readonly personId?: string;
}

/**
 * Ends a stop by a fact of its own; the stop itself stays as it was set.
 *
 * @throws {ControlError} WEIR_STOP_NOT_FOUND, WEIR_STOP_LIFTED.
 */
export async function liftStop(context: ControlContext, input: LiftStopInput): Promise<StopView> {
  const { stopId, reason, personId } = input;
  return context.store.transaction().execute(async (transaction) => {
    const row = await selectStops(transaction).where("stops.id", "=", stopId).executeTakeFirst();
    const before = row && toStopView(row);
    if (before === undefined || (personId !== undefined && !mayLiftOwn(before, personId)))
      throw new ControlError("WEIR_STOP_NOT_FOUND", "There is no such stop that you may lift.");
    if (before.liftedAtMs !== null) throw liftedAlready();
    const lift = { reason, liftedBy: context.actor, liftedAtMs: context.now() };
    const { numInsertedOrUpdatedRows } = await transaction
      .insertInto("stopLifts")
      .values({ stopId, ...lift })
      .onConflict((conflict) => conflict.column("stopId").doNothing())
      .executeTakeFirstOrThrow();
    if (numInsertedOrUpdatedRows === 0n) throw liftedAlready();
    const { liftedBy, liftedAtMs } = lift;
    const after = { ...before, liftedBy, liftedAtMs, liftReason: reason };
    await recordChange(transaction, context, {
      action: "stop.lift",
      entityId: stopId,
      before,
      after,
    });
    await bumpRevision(transaction);
    return after;
  });
}

function liftedAlready(): ControlError {
  return new ControlError("WEIR_STOP_LIFTED", "Somebody has lifted this stop already.");
}
