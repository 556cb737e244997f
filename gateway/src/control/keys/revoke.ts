import { bumpRevision, type ControlContext, recordChange } from "../store/change.ts";
import { findKey } from "./find.ts";
import { type KeyRecord, toKeyRecord } from "./key-record.ts";

export interface RevokeKeyInput {
  readonly keyId: string;
  /** Set when a person revokes a key of their own: another's key is then not found. */
  readonly personId?: string;
}

/**
 * Revokes a key for good. Revoking it a second time changes nothing and logs nothing.
 *
 * @throws {ControlError} WEIR_KEY_NOT_FOUND, also for a key of somebody other than `personId`.
 */
export async function revokeKey(
  context: ControlContext,
  input: RevokeKeyInput,
): Promise<KeyRecord> {
  return context.store.transaction().execute(async (transaction) => {
    const row = await findKey(transaction, input);
    const before = toKeyRecord(row);
    if (row.revokedAtMs !== null) return before;
    const after = { ...before, revokedAtMs: context.now() };
    await transaction
      .updateTable("keys")
      .set({ revokedAtMs: after.revokedAtMs })
      .where("id", "=", row.id)
      .execute();
    await recordChange(transaction, context, {
      action: "key.revoke",
      entityId: row.id,
      before,
      after,
    });
    await bumpRevision(transaction);
    return after;
  });
}
