import { isDeepStrictEqual } from "node:util";
import { ControlError } from "../../control/errors.ts";
import { bumpRevision, type ControlContext, recordChange } from "../../control/store/change.ts";
import { noteHistory } from "../../control/directory/history.ts";
import {
  type DirectoryPerson,
  putPerson,
  removePerson,
} from "../../control/directory/write-person.ts";
import type { StoreTransaction } from "../../control/store/open-store.ts";
import type { Assignment, ClaimedPerson } from "./claims.ts";
import { SignInRefusal } from "./sign-in-refusal.ts";

interface StoredPerson extends DirectoryPerson {
  readonly removedAtMs: number | null;
}

export function findPerson(
  transaction: StoreTransaction,
  id: string,
): Promise<StoredPerson | undefined> {
  return transaction
    .selectFrom("people")
    .select(["id", "name", "teamId", "roles", "source", "managerId", "costCenter", "removedAtMs"])
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
  // Claims name no manager and no cost centre: what another source once said does not hold on.
  const after = {
    id,
    name,
    teamId,
    roles,
    source: "oidc",
    managerId: null,
    costCenter: null,
  } as const;
  const before = stored === undefined ? null : liveOf(stored);
  if (isDeepStrictEqual(before, after)) return;
  await putPerson(transaction, context, before, after);
  await noteHistory(transaction, context.now(), [id]);
  await bumpRevision(transaction);
}

/** The identity provider no longer gives the person a team: keys and sessions stop working. */
export async function removeClaimed(
  transaction: StoreTransaction,
  context: ControlContext,
  before: StoredPerson,
): Promise<void> {
  const live = liveOf(before);
  if (live === null) return;
  await removePerson(transaction, context, live);
  await noteHistory(transaction, context.now(), [before.id]);
  await bumpRevision(transaction);
}

function liveOf({ removedAtMs, ...person }: StoredPerson): DirectoryPerson | null {
  return removedAtMs === null ? person : null;
}
