import type { StopView } from "../../contracts/api/stops.ts";
import type { SnapshotStop } from "../../contracts/stop.ts";
import type { Store, StoreTransaction } from "../store/open-store.ts";
import { toStopView } from "./stop-record.ts";

const maxListed = 1_000;

/** Stops with what ended them. */
export function selectStops(store: Store | StoreTransaction) {
  return store
    .selectFrom("stops")
    .leftJoin("stopLifts", "stopLifts.stopId", "stops.id")
    .selectAll("stops")
    .select(["stopLifts.liftedBy", "stopLifts.liftedAtMs", "stopLifts.reason as liftReason"]);
}

/** What proxies have to know of, oldest first. */
export async function stopsInForce(store: Store | StoreTransaction): Promise<SnapshotStop[]> {
  const rows = await selectStops(store)
    .where("stopLifts.stopId", "is", null)
    .orderBy("stops.id")
    .execute();
  return rows.map((row) => toSnapshotStop(row));
}

function toSnapshotStop({
  id,
  kind,
  target,
  ownerId,
  reason,
  setAtMs,
}: Omit<SnapshotStop, "ownerId"> & { readonly ownerId: string | null }): SnapshotStop {
  const stop = { id, kind, target, reason, setAtMs };
  return ownerId === null ? stop : { ...stop, ownerId };
}

/** Newest first; without `withLifted` those in force alone. */
export async function listStops(
  { store }: { readonly store: Store },
  { withLifted = false }: { readonly withLifted?: boolean } = {},
): Promise<StopView[]> {
  const all = selectStops(store).orderBy("stops.id", "desc").limit(maxListed);
  const rows = await (withLifted ? all : all.where("stopLifts.stopId", "is", null)).execute();
  return rows.map(toStopView);
}

/** What stops this person: stops of theirs, of them as a whole, and of everything. */
export async function listOwnStops(
  { store }: { readonly store: Store },
  personId: string,
): Promise<StopView[]> {
  const rows = await selectStops(store)
    .where("stopLifts.stopId", "is", null)
    .where((or) =>
      or.or([
        or("stops.ownerId", "=", personId),
        or("stops.kind", "=", "all"),
        or.and([or("stops.kind", "=", "person"), or("stops.target", "=", personId)]),
        or.and([
          or("stops.kind", "=", "key"),
          or(
            "stops.target",
            "in",
            store.selectFrom("keys").select("lineageId").where("personId", "=", personId),
          ),
        ]),
      ]),
    )
    .orderBy("stops.id", "desc")
    .limit(maxListed)
    .execute();
  return rows.map(toStopView);
}

/** How many there are. */
export async function countInForce(store: Store | StoreTransaction): Promise<number> {
  const { count } = await store
    .selectFrom("stops")
    .leftJoin("stopLifts", "stopLifts.stopId", "stops.id")
    .select(({ fn }) => fn.countAll<number | string>().as("count"))
    .where("stopLifts.stopId", "is", null)
    .executeTakeFirstOrThrow();
  return Number(count);
}
