import type { Belonging } from "../../contracts/api/belonging.ts";
import type { Store } from "../store/open-store.ts";

/** More changes than anybody has: older ones are left out. */
const maxRows = 1_000;

/** Where a person has belonged, the last first; empty for whom nobody knows. */
export function readHistory(store: Store, personId: string): Promise<Belonging[]> {
  return store
    .selectFrom("personHistory")
    .select(["teamId", "managerId", "costCenter", "fromMs", "untilMs"])
    .where("personId", "=", personId)
    .orderBy("fromMs", "desc")
    .limit(maxRows)
    .execute();
}
