import { v7 as uuidv7 } from "uuid";
import type { StopView } from "../../contracts/api/stops.ts";
import { maxStopsInForce, type StopKind } from "../../contracts/stop.ts";
import { ControlError } from "../errors.ts";
import { bumpRevision, type ControlContext, recordChange } from "../store/change.ts";
import type { StoreTransaction } from "../store/open-store.ts";
import { countInForce, selectStops } from "./list-stops.ts";
import { notLifted, toStopView } from "./stop-record.ts";
import { resolveTarget } from "./target.ts";

export interface SetStopInput {
  readonly kind: StopKind;
  /** Empty for `all`. */
  readonly target: string;
  readonly reason: string;
  /** Left out = whosever it is; otherwise only what is this person's, or in their name. */
  readonly ownerId?: string;
  /** One that holds already is as good: for those who say the same thing many times. */
  readonly once?: boolean;
}

/**
 * Stops something from the next snapshot on, which proxies have within a second, until somebody
 * lifts it.
 *
 * @throws {ControlError} WEIR_INVALID_REQUEST, WEIR_STOP_TARGET_NOT_FOUND, WEIR_TOO_MANY_STOPS.
 */
export async function setStop(context: ControlContext, input: SetStopInput): Promise<StopView> {
  return context.store.transaction().execute(async (transaction) => {
    const target = await resolveTarget(transaction, input);
    const { kind, reason, ownerId = null } = input;
    if (input.once === true) {
      const held = await findHeld(transaction, { kind, target, ownerId });
      if (held !== null) return held;
    }
    await requireRoom(transaction, kind);
    const setAtMs = context.now();
    const id = uuidv7({ msecs: setAtMs, random: context.randomBytes(16) });
    const row = { id, kind, target, ownerId, reason, setBy: context.actor, setAtMs };
    await transaction.insertInto("stops").values(row).execute();
    const after = toStopView(notLifted(row));
    await recordChange(transaction, context, {
      action: "stop.set",
      entityId: id,
      before: null,
      after,
    });
    await bumpRevision(transaction);
    return after;
  });
}

async function findHeld(
  transaction: StoreTransaction,
  { kind, target, ownerId }: { kind: StopKind; target: string; ownerId: string | null },
): Promise<StopView | null> {
  const row = await selectStops(transaction)
    .where("stopLifts.stopId", "is", null)
    .where("stops.kind", "=", kind)
    .where("stops.target", "=", target)
    .where("stops.ownerId", ownerId === null ? "is" : "=", ownerId)
    .executeTakeFirst();
  return row === undefined ? null : toStopView(row);
}

async function requireRoom(transaction: StoreTransaction, kind: StopKind): Promise<void> {
  // Whatever else is stopped, everything can be.
  if (kind === "all" || (await countInForce(transaction)) < maxStopsInForce) return;
  throw new ControlError(
    "WEIR_TOO_MANY_STOPS",
    `${maxStopsInForce} stops are in force. Lift those that are over, or stop everything.`,
  );
}
