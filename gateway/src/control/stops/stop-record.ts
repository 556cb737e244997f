import type { StopView } from "../../contracts/api/stops.ts";
import type { StoreSchema } from "../store/schema.ts";

type Lift = Omit<StoreSchema["stopLifts"], "stopId" | "reason">;

/** A stop with the lift that ended it, if one did. */
export type StopRow = StoreSchema["stops"] & {
  readonly [Name in keyof Lift]: Lift[Name] | null;
} & { readonly liftReason: string | null };

export function toStopView(row: StopRow): StopView {
  const { id, kind, target, ownerId, reason, setBy, setAtMs } = row;
  const { liftedBy, liftedAtMs, liftReason } = row;
  return { id, kind, target, ownerId, reason, setBy, setAtMs, liftedBy, liftedAtMs, liftReason };
}

/** As it stands before anybody lifts it. */
export function notLifted(stop: StoreSchema["stops"]): StopRow {
  return { ...stop, liftedBy: null, liftedAtMs: null, liftReason: null };
}
