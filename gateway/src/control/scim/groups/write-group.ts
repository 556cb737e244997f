import { v4 as uuidv4 } from "uuid";
import { type ControlContext, recordChange } from "../../store/change.ts";
import type { StoreTransaction } from "../../store/open-store.ts";
import type { ScimGroupTable } from "../../store/schema.ts";
import { projectPeople } from "../project-people.ts";
import type { ScimRules } from "../scim-rules.ts";
import { ScimError } from "../scim-error.ts";
import { requireVersion } from "../version.ts";
import { requireGroup } from "./find-groups.ts";
import type { GroupAttributes } from "./group-attributes.ts";
import { changeMembers } from "./change-members.ts";

/** Groups decide about rights by their names: no two may have the same. */
async function describe(
  transaction: StoreTransaction,
  { displayName, externalId }: GroupAttributes,
  ownId: string,
) {
  if (displayName === null)
    throw new ScimError("WEIR_SCIM_INVALID_VALUE", "displayName is required, and no empty text.");
  const displayNameKey = displayName.toLowerCase();
  const other = await transaction
    .selectFrom("scimGroups")
    .select("id")
    .where("displayNameKey", "=", displayNameKey)
    .where("id", "!=", ownId)
    .executeTakeFirst();
  if (other !== undefined)
    throw new ScimError("WEIR_SCIM_UNIQUENESS", "There is a group with this displayName.");
  return { displayName, displayNameKey, externalId };
}

function logged({ id, displayName, externalId }: ScimGroupTable): object {
  return { id, displayName, externalId };
}

/** Creates a group with members. @throws {ScimError} */
export async function createGroup(
  context: ControlContext,
  rules: ScimRules,
  attributes: GroupAttributes,
): Promise<ScimGroupTable> {
  return context.store.transaction().execute(async (transaction) => {
    const described = await describe(transaction, attributes, "");
    const atMs = context.now();
    const id = uuidv4({ random: context.randomBytes(16) });
    const row = { id, ...described, version: 1, createdAtMs: atMs, changedAtMs: atMs };
    await transaction.insertInto("scimGroups").values(row).execute();
    const entry = { action: "scim-group.create", entityId: id, before: null, after: logged(row) };
    await recordChange(transaction, context, entry);
    const added = await changeMembers(transaction, context, row, attributes.members);
    await projectPeople(transaction, context, rules, added);
    return row;
  });
}

async function memberIds(transaction: StoreTransaction, groupId: string): Promise<string[]> {
  const members = transaction.selectFrom("scimMembers").select("userId");
  const rows = await members.where("groupId", "=", groupId).execute();
  return rows.map(({ userId }) => userId);
}

/** Makes a group what `change` says, and its members' people what that gives. @throws {ScimError} */
export async function updateGroup(
  context: ControlContext,
  rules: ScimRules,
  input: {
    readonly id: string;
    readonly ifMatch: string | null;
    readonly change: (before: GroupAttributes) => GroupAttributes;
  },
): Promise<ScimGroupTable> {
  return context.store.transaction().execute(async (transaction) => {
    const before = await requireGroup(transaction, input.id);
    requireVersion(before, input.ifMatch);
    const members = new Set(await memberIds(transaction, before.id));
    const { displayName, externalId } = before;
    const wanted = input.change({ displayName, externalId, members });
    const described = await describe(transaction, wanted, before.id);
    const changed = await changeMembers(transaction, context, before, wanted.members);
    const isRenamed = described.displayName !== displayName;
    const isDescribed = isRenamed || described.externalId !== externalId;
    if (changed.length === 0 && !isDescribed) return before;
    const changedAtMs = context.now();
    const after = { ...before, ...described, version: before.version + 1, changedAtMs };
    await transaction.updateTable("scimGroups").set(after).where("id", "=", before.id).execute();
    if (isDescribed) {
      const entry = { action: "scim-group.update", entityId: before.id, before: logged(before) };
      await recordChange(transaction, context, { ...entry, after: logged(after) });
    }
    const concerned = isRenamed ? [...new Set([...changed, ...wanted.members])] : changed;
    await projectPeople(transaction, context, rules, concerned);
    return after;
  });
}

/** Deletes a group; its members lose what it gave. @throws {ScimError} */
export async function deleteGroup(
  context: ControlContext,
  rules: ScimRules,
  { id, ifMatch }: { readonly id: string; readonly ifMatch: string | null },
): Promise<void> {
  await context.store.transaction().execute(async (transaction) => {
    const before = await requireGroup(transaction, id);
    requireVersion(before, ifMatch);
    const members = await memberIds(transaction, id);
    await transaction.deleteFrom("scimMembers").where("groupId", "=", id).execute();
    await transaction.deleteFrom("scimGroups").where("id", "=", id).execute();
    const after = { members: members.length };
    const entry = { action: "scim-group.delete", entityId: id, before: logged(before), after };
    await recordChange(transaction, context, entry);
    await projectPeople(transaction, context, rules, members);
  });
}
