import type { Store, StoreTransaction } from "../../store/open-store.ts";
import type { ScimGroupTable } from "../../store/schema.ts";
import { requiredValue } from "../filter/index-lookup.ts";
import { matches } from "../filter/matches.ts";
import type { Found, Page } from "../list-query.ts";
import { groupResource, type Member, type ScimResource } from "../resource.ts";
import { scan } from "../scan.ts";
import { ScimError } from "../scim-error.ts";

/** Of one answer, which is held in memory as a whole. */
const maxMembers = 50_000;

/** @throws {ScimError} WEIR_SCIM_NOT_FOUND */
export async function requireGroup(
  store: Store | StoreTransaction,
  id: string,
): Promise<ScimGroupTable> {
  const groups = store.selectFrom("scimGroups").selectAll().where("id", "=", id);
  const group = await groups.executeTakeFirst();
  if (group === undefined) throw new ScimError("WEIR_SCIM_NOT_FOUND", "There is no such group.");
  return group;
}

/** The members of groups. @throws {ScimError} WEIR_SCIM_TOO_MANY for more than an answer holds. */
export async function membersOf(
  store: Store | StoreTransaction,
  groupIds: readonly string[],
): Promise<ReadonlyMap<string, readonly Member[]>> {
  if (groupIds.length === 0) return new Map();
  const rows = await store
    .selectFrom("scimMembers")
    .innerJoin("scimUsers", "scimUsers.id", "scimMembers.userId")
    .select(["scimMembers.groupId", "scimMembers.userId", "scimUsers.userName"])
    .where("scimMembers.groupId", "in", groupIds)
    .orderBy("scimMembers.userId")
    .limit(maxMembers + 1)
    .execute();
  if (rows.length > maxMembers)
    throw new ScimError(
      "WEIR_SCIM_TOO_MANY",
      "These groups have too many members for one answer: ask for fewer, or excludedAttributes=members.",
    );
  return Map.groupBy(rows, ({ groupId }) => groupId);
}

/** A page of the groups that a filter matches, in the order of their ids. */
export async function listGroups(
  store: Store,
  page: Page & { readonly withMembers: boolean },
  base: string,
): Promise<Found<ScimResource>> {
  const { filter, offset, limit, withMembers } = page;
  const all = store.selectFrom("scimGroups").selectAll().orderBy("id");
  const toResources = async (rows: readonly ScimGroupTable[]): Promise<ScimResource[]> => {
    const ids = rows.map(({ id }) => id);
    const members = withMembers ? await membersOf(store, ids) : null;
    return rows.map((row) => groupResource(row, members && (members.get(row.id) ?? []), base));
  };
  if (filter === null) {
    const counted = store
      .selectFrom("scimGroups")
      .select(({ fn }) => fn.countAll<number>().as("n"));
    const { n } = await counted.executeTakeFirstOrThrow();
    return { total: n, rows: await toResources(await all.limit(limit).offset(offset).execute()) };
  }
  const id = requiredValue(filter, "id");
  const displayName = requiredValue(filter, "displayname");
  if (id === null && displayName === null)
    return scan(filter, page, async (last, size) =>
      toResources(await all.where("id", ">", last).limit(size).execute()),
    );
  let few = all;
  if (id !== null) few = few.where("id", "=", id);
  if (displayName !== null) few = few.where("displayNameKey", "=", displayName.toLowerCase());
  const groups = await toResources(await few.execute());
  const rows = groups.filter((group) => matches(filter, group));
  return { total: rows.length, rows: rows.slice(offset, offset + limit) };
}
