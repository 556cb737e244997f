import type { ControlContext } from "../../control/store/change.ts";
import type { StoreTransaction } from "../../control/store/open-store.ts";
import { type ProviderSession, type SessionLimits, startSession } from "../session.ts";
import {
  bindIdentity,
  findPerson,
  isProvisioned,
  removeClaimed,
  resolveIdentity,
  upsertClaimed,
} from "./claimed-person.ts";
import { type ClaimedPerson, type OidcConfig, requireAssignment } from "./claims.ts";
import { SignInRefusal } from "./sign-in-refusal.ts";

export interface SignInOptions {
  readonly oidc: OidcConfig;
  readonly limits: SessionLimits;
  /** Ids that no account may take: the owner that exists when weir.yaml names nobody. */
  readonly reservedIds: ReadonlySet<string>;
  /** The identity provider keeps its people up to date itself, and its claims change none of them. */
  readonly isProvisioned: boolean;
}

export interface VerifiedSignIn {
  readonly claimed: ClaimedPerson;
  readonly provider: ProviderSession;
}

/** A refusal that keeps what the transaction has done, where an error would undo it. */
type Outcome = { readonly secret: string } | { readonly refusal: SignInRefusal };

async function admit(
  transaction: StoreTransaction,
  context: ControlContext,
  options: SignInOptions,
  { claimed, provider }: VerifiedSignIn,
): Promise<Outcome> {
  const { personId, isBound } = await resolveIdentity(transaction, claimed, options.reservedIds);
  const stored = await findPerson(transaction, personId);
  const isThere = stored !== undefined && stored.removedAtMs === null;
  const isScims = options.isProvisioned && (await isProvisioned(transaction, personId, stored));
  if (isScims && !isThere) return { refusal: new SignInRefusal("WEIR_NOT_PROVISIONED") };
  // What weir.yaml or SCIM says of a person holds, whatever the claims say.
  if (!isScims && (!isThere || stored.source !== "config")) {
    try {
      const assignment = requireAssignment(options.oidc, claimed);
      const change = { id: personId, stored, name: claimed.name, assignment };
      await upsertClaimed(transaction, context, change);
    } catch (error) {
      if (!(error instanceof SignInRefusal)) throw error;
      if (isThere && error.code === "WEIR_NO_MAPPED_GROUP")
        await removeClaimed(transaction, context, stored);
      return { refusal: error };
    }
  }
  if (!isBound) await bindIdentity(transaction, context, { personId, claimed });
  const session = { personId, limits: options.limits, provider };
  return { secret: await startSession(transaction, context, session) };
}

/**
 * Signs in whom the identity provider vouches for: finds or creates the person, gives them team
 * and roles by their groups, and starts a session, all or nothing.
 *
 * @returns the session's secret for the cookie.
 * @throws {SignInRefusal} for somebody who may not come in. A person who has lost every mapped
 *   group is removed by that.
 */
export async function signIn(
  context: Omit<ControlContext, "actor">,
  options: SignInOptions,
  verified: VerifiedSignIn,
): Promise<string> {
  const outcome = await context.store
    .transaction()
    .execute((transaction) => admit(transaction, { ...context, actor: "weir" }, options, verified));
  if ("refusal" in outcome) throw outcome.refusal;
  return outcome.secret;
}
