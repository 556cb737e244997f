import { type ControlContext, recordChange } from "../control/store/change.ts";
import type { Store, StoreTransaction } from "../control/store/open-store.ts";
import { parseStrings } from "../control/store/parse-strings.ts";
import { formatSecret, secretHash } from "./secret.ts";

/** How long a session lives: without any request, and whatever the activity. */
export interface SessionLimits {
  readonly idleMs: number;
  readonly absoluteMs: number;
}

/** The defaults of the configuration. */
export const defaultSessionLimits: SessionLimits = {
  idleMs: 8 * 3_600_000,
  absoluteMs: 7 * 24 * 3_600_000,
};
// Writing at every request would cost a disk flush each; a minute is exact enough for idling.
const touchIntervalMs = 60_000;

/** The person behind a request, from a verified session alone. */
export interface SignedIn {
  readonly personId: string;
  readonly name: string;
  readonly teamId: string;
  readonly roles: readonly string[];
}

/** What the identity provider that vouched needs in order to end the session. */
export interface ProviderSession {
  readonly issuer: string;
  readonly subject: string;
  /** The claim `sid`; null where the provider has none. */
  readonly sid: string | null;
  /** Made unreadable for everybody but the holder of the session's secret. */
  readonly sealIdToken: (secret: string) => string | null;
}

export interface NewSession {
  readonly personId: string;
  readonly limits?: SessionLimits;
  readonly provider?: ProviderSession;
}

/**
 * Starts a session in the given transaction and returns the secret for its cookie: always a new
 * one, whatever the browser sent.
 */
export async function startSession(
  transaction: StoreTransaction,
  context: Omit<ControlContext, "actor">,
  { personId, limits = defaultSessionLimits, provider }: NewSession,
): Promise<string> {
  const secret = formatSecret(context.randomBytes);
  const createdAtMs = context.now();
  await transaction.deleteFrom("sessions").where("expiresAtMs", "<=", createdAtMs).execute();
  await transaction
    .insertInto("sessions")
    .values({
      hash: secretHash(secret),
      personId,
      createdAtMs,
      lastSeenAtMs: createdAtMs,
      expiresAtMs: createdAtMs + limits.absoluteMs,
      issuer: provider?.issuer ?? null,
      subject: provider?.subject ?? null,
      providerSession: provider?.sid ?? null,
      sealedIdToken: provider?.sealIdToken(secret) ?? null,
    })
    .execute();
  await recordChange(
    transaction,
    { ...context, actor: `person:${personId}` },
    { action: "session.start", entityId: personId, before: null, after: null },
  );
  return secret;
}

/** Finds who a session cookie stands for; null when it is unknown, idle for too long, or over. */
export async function findSession(
  store: Store,
  secret: string,
  nowMs: number,
  limits: SessionLimits = defaultSessionLimits,
): Promise<SignedIn | null> {
  const hash = secretHash(secret);
  const row = await store
    .selectFrom("sessions")
    .innerJoin("people", "people.id", "sessions.personId")
    .select(["sessions.lastSeenAtMs", "people.id", "people.name", "people.teamId", "people.roles"])
    .where("sessions.hash", "=", hash)
    .where("sessions.expiresAtMs", ">", nowMs)
    .where("sessions.lastSeenAtMs", ">", nowMs - limits.idleMs)
    .where("sessions.endedAtMs", "is", null)
    .where("people.removedAtMs", "is", null)
    .executeTakeFirst();
  if (row === undefined) return null;
  if (nowMs - row.lastSeenAtMs >= touchIntervalMs) {
    await store.transaction().execute(async (transaction) => {
      const seen = transaction.updateTable("sessions").set({ lastSeenAtMs: nowMs });
      await seen.where("hash", "=", hash).execute();
    });
  }
  return { personId: row.id, name: row.name, teamId: row.teamId, roles: parseStrings(row.roles) };
}

// Long enough for a browser to follow one link.
const signOutWithinMs = 60_000;

/**
 * Ends a session at once; an unknown one is none. Where an identity provider vouched, what is
 * needed to sign out there stays for a minute, see {@link takeEndedSession}.
 *
 * @returns whether there is something to sign out of at the provider.
 */
export async function endSession(context: ControlContext, secret: string): Promise<boolean> {
  const hash = secretHash(secret);
  return context.store.transaction().execute(async (transaction) => {
    const session = await transaction
      .selectFrom("sessions")
      .select(["personId", "issuer"])
      .where("hash", "=", hash)
      .where("endedAtMs", "is", null)
      .executeTakeFirst();
    if (session === undefined) return false;
    const entry = { action: "session.end", entityId: session.personId, before: null, after: null };
    await recordChange(transaction, context, entry);
    if (session.issuer === null) {
      await transaction.deleteFrom("sessions").where("hash", "=", hash).execute();
      return false;
    }
    const endedAtMs = context.now();
    await transaction
      .updateTable("sessions")
      .set({ endedAtMs, expiresAtMs: endedAtMs + signOutWithinMs })
      .where("hash", "=", hash)
      .execute();
    return true;
  });
}

/** Takes away what {@link endSession} has kept; null when there is nothing, or no longer. */
export async function takeEndedSession(
  { store, now }: Pick<ControlContext, "store" | "now">,
  secret: string,
): Promise<{ readonly sealedIdToken: string | null } | null> {
  const ended = await store
    .transaction()
    .execute((transaction) =>
      transaction
        .deleteFrom("sessions")
        .where("hash", "=", secretHash(secret))
        .where("endedAtMs", "is not", null)
        .where("expiresAtMs", ">", now())
        .returning("sealedIdToken")
        .executeTakeFirst(),
    );
  return ended ?? null;
}
