import { sql } from "kysely";
import { bumpRevision, type ControlContext, recordChange } from "../../store/change.ts";
import type { StoreTransaction } from "../../store/open-store.ts";

/**
 * Revokes what bears a person's name: keys, what the person lets agents do, and what others let
 * the person's agents do. Of a person in weir.yaml nothing is revoked.
 */
export async function revokeForGood(
  transaction: StoreTransaction,
  context: ControlContext,
  personId: string,
): Promise<void> {
  const people = transaction.selectFrom("people").select("id").where("id", "=", personId);
  const named = people.where("source", "=", "config").where("removedAtMs", "is", null);
  if ((await named.executeTakeFirst()) !== undefined) return;
  const keys = await revokeKeys(transaction, context, personId);
  const grants = await revokeGrants(transaction, context, personId);
  if (keys + grants > 0) await bumpRevision(transaction);
}

async function revokeKeys(
  transaction: StoreTransaction,
  context: ControlContext,
  personId: string,
): Promise<number> {
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
  return keys.length;
}

async function revokeGrants(
  transaction: StoreTransaction,
  context: ControlContext,
  personId: string,
): Promise<number> {
  const revokedAtMs = context.now();
  const prefix = `${personId}/`;
  const grants = await transaction
    .updateTable("grants")
    .set({ revokedAtMs })
    .where("revokedAtMs", "is", null)
    .where((where) =>
      where.or([
        where("personId", "=", personId),
        sql<boolean>`substr(${where.ref("agent")}, 1, cast(${prefix.length} as integer)) = ${prefix}`,
      ]),
    )
    .returning(["id", "personId", "agent"])
    .execute();
  for (const grant of grants) {
    const after = { ...grant, revokedAtMs };
    const entry = { action: "grant.revoke", entityId: grant.id, before: grant, after };
    await recordChange(transaction, context, entry);
  }
  return grants.length;
}
