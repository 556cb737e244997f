import { ControlError } from "../../control/errors.ts";
import { bumpRevision, type ControlContext, recordChange } from "../../control/store/change.ts";
import { noteHistory } from "../../control/directory/history.ts";
import type { StoreTransaction } from "../../control/store/open-store.ts";
import type { PersonSource } from "../../control/store/schema.ts";
import type { Assignment, ClaimedPerson } from "./claims.ts";
import { SignInRefusal } from "./sign-in-refusal.ts";

interface StoredPerson {
  readonly id: string;
  readonly name: string;
  readonly teamId: string;
  readonly roles: string;
  readonly source: PersonSource;
  readonly removedAtMs: number | null;
}

export function findPerson(
  transaction: StoreTransaction,
  id: string,
): Promise<StoredPerson | undefined> {
  return transaction
    .selectFrom("people")
    .select(["id", "name", "teamId", "roles", "source", "removedAtMs"])
    .where("id", "=", id)
    .executeTakeFirst();
}

/** Whether SCIM decides about the person, also when it has taken them out. */
export async function isProvisioned(
  transaction: StoreTransaction,
  id: string,
  stored: StoredPerson | undefined,
): Promise<boolean> {
  if (stored?.source === "scim") return true;
  const users = transaction.selectFrom("scimUsers").select("id").where("personId", "=", id);
  return (await users.executeTakeFirst()) !== undefined;
}

/**
 * Which person an account is: the one as whom it first signed in, whatever its claims say now; at
 * the first time the one that the claim names. An id that another account has is never given.
 *
 * @throws {SignInRefusal} WEIR_NO_PERSON_CLAIM, WEIR_PERSON_CONFLICT.
 */
export async function resolveIdentity(
  transaction: StoreTransaction,
  claimed: ClaimedPerson,
  reservedIds: ReadonlySet<string>,
): Promise<{ readonly personId: string; readonly isBound: boolean }> {
  const { issuer, subject, claimedId } = claimed;
  const identities = transaction
    .selectFrom("identities")
    .select("personId")
    .where("issuer", "=", issuer);
  const bound = await identities.where("subject", "=", subject).executeTakeFirst();
  if (bound !== undefined) return { personId: bound.personId, isBound: true };
  if (claimedId === null) throw new SignInRefusal("WEIR_NO_PERSON_CLAIM");
  const other = await identities.where("personId", "=", claimedId).executeTakeFirst();
  if (other !== undefined || reservedIds.has(claimedId))
    throw new SignInRefusal("WEIR_PERSON_CONFLICT");
  return { personId: claimedId, isBound: false };
}

/** From now on the account is the person. The log has the issuer, and no subject. */
export async function bindIdentity(
  transaction: StoreTransaction,
  context: ControlContext,
  { personId, claimed }: { readonly personId: string; readonly claimed: ClaimedPerson },
): Promise<void> {
  const { issuer, subject } = claimed;
  await transaction
    .insertInto("identities")
    .values({ issuer, subject, personId, createdAtMs: context.now() })
    .execute();
  const entry = { action: "person.bind", entityId: personId, before: null, after: { issuer } };
  await recordChange(transaction, context, entry);
}

async function requireTeam(transaction: StoreTransaction, teamId: string): Promise<void> {
  const team = await transaction
    .selectFrom("teams")
    .select("id")
    .where("id", "=", teamId)
    .where("removedAtMs", "is", null)
    .executeTakeFirst();
  if (team === undefined)
    throw new ControlError("WEIR_TEAM_NOT_FOUND", `There is no team "${teamId}" any more.`);
}

/** Creates the person, or brings them up to what their groups say. */
export async function upsertClaimed(
  transaction: StoreTransaction,
  context: ControlContext,
  change: {
    readonly id: string;
    readonly stored: StoredPerson | undefined;
    readonly name: string;
    readonly assignment: Assignment;
  },
): Promise<void> {
  const { id, stored, assignment } = change;
  const { teamId } = assignment;
  await requireTeam(transaction, teamId);
  const roles = JSON.stringify(assignment.roles);
  const name = change.name || stored?.name || id;
  const after = { id, name, teamId, roles, source: "oidc" as const };
  const { removedAtMs = null, ...known } = stored ?? {};
  const before = stored === undefined || removedAtMs !== null ? null : { ...known };
  const isSame = before !== null && JSON.stringify(before) === JSON.stringify(after);
  if (isSame) return;
  await transaction
    .insertInto("people")
    .values({ ...after, createdAtMs: context.now(), removedAtMs: null })
    .onConflict((conflict) => conflict.column("id").doUpdateSet({ ...after, removedAtMs: null }))
    .execute();
  const action = before === null ? "person.create" : "person.update";
  await recordChange(transaction, context, { action, entityId: id, before, after });
  await noteHistory(transaction, context.now(), [id]);
  await bumpRevision(transaction);
}

/** The identity provider no longer gives the person a team: keys and sessions stop working. */
export async function removeClaimed(
  transaction: StoreTransaction,
  context: ControlContext,
  before: StoredPerson,
): Promise<void> {
  const removedAtMs = context.now();
  await transaction
    .updateTable("people")
    .set({ removedAtMs })
    .where("id", "=", before.id)
    .execute();
  await transaction.deleteFrom("sessions").where("personId", "=", before.id).execute();
  const entry = { action: "person.remove", entityId: before.id, before, after: null };
  await recordChange(transaction, context, entry);
  await noteHistory(transaction, removedAtMs, [before.id]);
  await bumpRevision(transaction);
}
