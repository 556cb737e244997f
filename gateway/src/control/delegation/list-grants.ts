import type { GrantView } from "../../contracts/api/grants.ts";
import type { Store } from "../store/open-store.ts";
import { toGrantView } from "./grant-record.ts";

const maxListed = 1_000;

/** Grants, newest first. */
export async function listGrants(
  { store }: { readonly store: Store },
  { personId }: { readonly personId?: string } = {},
): Promise<GrantView[]> {
  const all = store.selectFrom("grants").selectAll().orderBy("id", "desc").limit(maxListed);
  const rows = await (
    personId === undefined ? all : all.where("personId", "=", personId)
  ).execute();
  return rows.map(toGrantView);
}
