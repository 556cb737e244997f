import type { Store } from "../store/open-store.ts";
import type { RaiseRecord } from "./raise.ts";

/** The raises that hold at a moment, the latest first. */
export async function listRaises(store: Store, nowMs: number): Promise<RaiseRecord[]> {
  const rows = await store
    .selectFrom("budgetRaises")
    .selectAll()
    .where("untilMs", ">", nowMs)
    .orderBy("createdAtMs", "desc")
    .execute();
  return rows.map(({ counted, amount, ...row }) => Object.assign(row, { of: counted, by: amount }));
}
