import type { Store, StoreTransaction } from "../../store/open-store.ts";
import type { ScimUserTable } from "../../store/schema.ts";
import { requiredValue } from "../filter/index-lookup.ts";
import { matches } from "../filter/matches.ts";
import type { Found, Page } from "../list-query.ts";
import { type ScimResource, userResource } from "../resource.ts";
import { scan } from "../scan.ts";
import { ScimError } from "../scim-error.ts";

/** @throws {ScimError} WEIR_SCIM_NOT_FOUND */
export async function requireUser(
  store: Store | StoreTransaction,
  id: string,
): Promise<ScimUserTable> {
  const users = store.selectFrom("scimUsers").selectAll().where("id", "=", id);
  const user = await users.executeTakeFirst();
  if (user === undefined) throw new ScimError("WEIR_SCIM_NOT_FOUND", "There is no such user.");
  return user;
}

/** A page of the users that a filter matches, in the order of their ids. */
export async function listUsers(
  store: Store,
  page: Page,
  base: string,
): Promise<Found<ScimResource>> {
  const { filter, offset, limit } = page;
  const all = store.selectFrom("scimUsers").selectAll().orderBy("id");
  const toResource = (row: ScimUserTable) => userResource(row, base);
  if (filter === null) {
    const counted = store.selectFrom("scimUsers").select(({ fn }) => fn.countAll<number>().as("n"));
    const { n } = await counted.executeTakeFirstOrThrow();
    const rows = await all.limit(limit).offset(offset).execute();
    return { total: n, rows: rows.map(toResource) };
  }
  const id = requiredValue(filter, "id");
  const userName = requiredValue(filter, "username");
  const externalId = requiredValue(filter, "externalid");
  if (id === null && userName === null && externalId === null)
    return scan(filter, page, async (last, size) => {
      const rows = await all.where("id", ">", last).limit(size).execute();
      return rows.map(toResource);
    });
  let few = all;
  if (id !== null) few = few.where("id", "=", id);
  if (userName !== null) few = few.where("userNameKey", "=", userName.toLowerCase());
  if (externalId !== null) few = few.where("externalId", "=", externalId);
  const rows = (await few.execute()).map(toResource).filter((user) => matches(filter, user));
  return { total: rows.length, rows: rows.slice(offset, offset + limit) };
}
