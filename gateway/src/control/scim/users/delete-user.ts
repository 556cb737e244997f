import { bumpRevision, type ControlContext, recordChange } from "../../store/change.ts";
import type { StoreTransaction } from "../../store/open-store.ts";
import { projectPeople } from "../project-people.ts";
import { reportsOf } from "../projection.ts";
import type { ScimRules } from "../scim-rules.ts";
import { requireVersion } from "../version.ts";
import { requireUser } from "./find-users.ts";

/**
 * Deletes a user: the person is removed, and their keys are revoked for good, so that whoever gets
 * the name next does not get them. A person in weir.yaml stays.
 *
 * @throws {ScimError} WEIR_SCIM_NOT_FOUND, WEIR_SCIM_VERSION_MISMATCH.
 */
export async function deleteUser(
  context: ControlContext,
  rules: ScimRules,
  { id, ifMatch }: { readonly id: string; readonly ifMatch: string | null },
): Promise<void> {
  await context.store.transaction().execute(async (transaction) => {
    const before = await requireUser(transaction, id);
    requireVersion(before, ifMatch);
    const { personId } = before;
    // First as an inactive one, which removes the person as everywhere.
    const deactivated = transaction.updateTable("scimUsers").set({ active: 0 });
    await deactivated.where("id", "=", id).execute();
    await projectPeople(transaction, context, rules, [id]);
    await revokeKeys(transaction, context, personId);
    await transaction.deleteFrom("scimMembers").where("userId", "=", id).execute();
    await transaction.deleteFrom("scimUsers").where("id", "=", id).execute();
    const after = null;
    const entry = { action: "scim-user.delete", entityId: personId, before: { id }, after };
    await recordChange(transaction, context, entry);
    await projectPeople(transaction, context, rules, await reportsOf(transaction, before));
  });
}

async function revokeKeys(
  transaction: StoreTransaction,
  context: ControlContext,
  personId: string,
): Promise<void> {
  const people = transaction.selectFrom("people").select("id").where("id", "=", personId);
  const named = people.where("source", "=", "config").where("removedAtMs", "is", null);
  if ((await named.executeTakeFirst()) !== undefined) return;
  const revokedAtMs = context.now();
  const keys = await transaction
    .updateTable("keys")
    .set({ revokedAtMs })
    .where("personId", "=", personId)
    .where("revokedAtMs", "is", null)
    .returning("id")
    .execute();
  for (const { id } of keys) {
    const after = { id, personId, revokedAtMs };
    const entry = { action: "key.revoke", entityId: id, before: { id, personId }, after };
    await recordChange(transaction, context, entry);
  }
  if (keys.length > 0) await bumpRevision(transaction);
}
