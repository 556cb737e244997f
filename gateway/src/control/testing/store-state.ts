import type { Store } from "../store/open-store.ts";

const tables = [
  "teams",
  "people",
  "personHistory",
  "scimUsers",
  "scimGroups",
  "scimMembers",
  "keys",
  "loginTokens",
  "sessions",
  "identities",
  "pendingLogins",
  "logoutTokens",
  "deviceLogins",
  "deviceCodeMisses",
  "budgetRaises",
  "grants",
  "signingKeys",
  "stops",
  "stopLifts",
  "adminLog",
] as const;

/** All that the control store holds, as rows by table; `meta` is left out. */
export async function storeState(store: Store): Promise<Record<string, unknown[]>> {
  const state: Record<string, unknown[]> = {};
  for (const table of tables) state[table] = await store.selectFrom(table).selectAll().execute();
  return state;
}
