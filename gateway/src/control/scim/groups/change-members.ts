import { type ControlContext, recordChange } from "../../store/change.ts";
import type { StoreTransaction } from "../../store/open-store.ts";
import type { ScimGroupTable } from "../../store/schema.ts";
import { ScimError } from "../scim-error.ts";

/** Of one request: each is a row of the log, and all are one transaction that others wait for. */
export const maxMemberChanges = 2000;
const batchSize = 500;

/**
 * Makes the members of a group the wanted ones.
 *
 * @returns the users who came or went.
 * @throws {ScimError} WEIR_SCIM_TOO_MANY, WEIR_SCIM_INVALID_VALUE for one that is no user.
 */
export async function changeMembers(
  transaction: StoreTransaction,
  context: ControlContext,
  { id: groupId, displayName }: Pick<ScimGroupTable, "id" | "displayName">,
  wanted: ReadonlySet<string>,
): Promise<string[]> {
  const members = transaction.selectFrom("scimMembers").select("userId");
  const rows = await members.where("groupId", "=", groupId).execute();
  const stored = new Set(rows.map(({ userId }) => userId));
  const [added, removed] = [wanted.difference(stored), stored.difference(wanted)];
  const changed = [...added, ...removed];
  if (changed.length > maxMemberChanges)
    throw new ScimError(
      "WEIR_SCIM_TOO_MANY",
      `Change at most ${maxMemberChanges} members at once, by PATCH.`,
    );
  const people = await personIdsOf(transaction, changed);
  for (const userId of changed) {
    const entityId = people.get(userId);
    if (entityId === undefined)
      throw new ScimError("WEIR_SCIM_INVALID_VALUE", "A member is no user that there is.");
    const isAdded = added.has(userId);
    if (isAdded) await transaction.insertInto("scimMembers").values({ groupId, userId }).execute();
    else {
      const gone = transaction.deleteFrom("scimMembers").where("groupId", "=", groupId);
      await gone.where("userId", "=", userId).execute();
    }
    const group = { groupId, displayName };
    const action = isAdded ? "scim-member.add" : "scim-member.remove";
    const [before, after] = isAdded ? [null, group] : [group, null];
    await recordChange(transaction, context, { action, entityId, before, after });
  }
  return changed;
}

async function personIdsOf(
  transaction: StoreTransaction,
  userIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const people = new Map<string, string>();
  for (let index = 0; index < userIds.length; index += batchSize) {
    const users = transaction.selectFrom("scimUsers").select(["id", "personId"]);
    const batch = userIds.slice(index, index + batchSize);
    for (const { id, personId } of await users.where("id", "in", batch).execute())
      people.set(id, personId);
  }
  return people;
}
