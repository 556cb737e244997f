import { type ControlContext, recordChange } from "../../store/change.ts";
import { projectPeople } from "../project-people.ts";
import { reportsOf } from "../projection.ts";
import type { ScimRules } from "../scim-rules.ts";
import { requireVersion } from "../version.ts";
import { requireUser } from "./find-users.ts";
import { revokeForGood } from "./revoke-for-good.ts";

/**
 * Deletes a user: the person is removed, and their keys and grants are revoked for good, so that
 * whoever gets the name next does not get them. A person in weir.yaml stays.
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
    await revokeForGood(transaction, context, personId);
    await transaction.deleteFrom("scimMembers").where("userId", "=", id).execute();
    await transaction.deleteFrom("scimUsers").where("id", "=", id).execute();
    const after = null;
    const entry = { action: "scim-user.delete", entityId: personId, before: { id }, after };
    await recordChange(transaction, context, entry);
    await projectPeople(transaction, context, rules, await reportsOf(transaction, before));
  });
}
