import type { GrantView } from "../../contracts/api/grants.ts";
import { ControlError } from "../errors.ts";
import { bumpRevision, type ControlContext, recordChange } from "../store/change.ts";
import { toGrantView } from "./grant-record.ts";

/**
 * Takes a consent back for good: proxies refuse its tokens with their next snapshot. To revoke it
 * a second time changes nothing and logs nothing.
 *
 * @param input with `personId`, another person's grant is not found.
 * @throws {ControlError} WEIR_GRANT_NOT_FOUND.
 */
export async function revokeGrant(
  context: ControlContext,
  input: { readonly grantId: string; readonly personId?: string },
): Promise<GrantView> {
  return context.store.transaction().execute(async (transaction) => {
    const row = await transaction
      .selectFrom("grants")
      .selectAll()
      .where("id", "=", input.grantId)
      .executeTakeFirst();
    const isVisible = input.personId === undefined || row?.personId === input.personId;
    if (row === undefined || !isVisible)
      throw new ControlError("WEIR_GRANT_NOT_FOUND", `There is no grant "${input.grantId}".`);
    const before = toGrantView(row);
    if (row.revokedAtMs !== null) return before;
    const after = { ...before, revokedAtMs: context.now() };
    await transaction
      .updateTable("grants")
      .set({ revokedAtMs: after.revokedAtMs })
      .where("id", "=", row.id)
      .execute();
    const entry = { action: "grant.revoke", entityId: row.id, before, after };
    await recordChange(transaction, context, entry);
    await bumpRevision(transaction);
    return after;
  });
}
