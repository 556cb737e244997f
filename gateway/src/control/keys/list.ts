import type { ControlContext } from "../store/change.ts";
import { type KeyRecord, toKeyRecord } from "./key-record.ts";

// Far above what one screen or one terminal shows, and still a bounded answer.
const maxListedKeys = 10_000;

/** Lists keys, newest first, revoked ones among them: of one person, or of everybody. */
export async function listKeys(
  context: Pick<ControlContext, "store">,
  filter: { readonly personId?: string } = {},
): Promise<KeyRecord[]> {
  let query = context.store.selectFrom("keys").selectAll();
  if (filter.personId !== undefined) query = query.where("personId", "=", filter.personId);
  const rows = await query
    .orderBy("createdAtMs", "desc")
    .orderBy("id", "desc")
    .limit(maxListedKeys)
    .execute();
  return rows.map(toKeyRecord);
}
