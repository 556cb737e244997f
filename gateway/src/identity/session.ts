import { type ControlContext, recordChange } from "../control/store/change.ts";
import type { Store, StoreTransaction } from "../control/store/open-store.ts";
import { parseStrings } from "../control/store/parse-strings.ts";
import { formatSecret, secretHash } from "./secret.ts";

export const sessionIdleMs = 8 * 3_600_000;
export const sessionAbsoluteMs = 7 * 24 * 3_600_000;
// Writing at every request would cost a disk flush each; a minute is exact enough for idling.
const touchIntervalMs = 60_000;

/** The person behind a request, from a verified session alone. */
export interface SignedIn {
  readonly personId: string;
  readonly name: string;
  readonly teamId: string;
  readonly roles: readonly string[];
}

/** Starts a session in the given transaction and returns the secret for its cookie. */
export async function startSession(
  transaction: StoreTransaction,
  context: Omit<ControlContext, "actor">,
  personId: string,
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
      expiresAtMs: createdAtMs + sessionAbsoluteMs,
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
): Promise<SignedIn | null> {
  const hash = secretHash(secret);
  const row = await store
    .selectFrom("sessions")
    .innerJoin("people", "people.id", "sessions.personId")
    .select(["sessions.lastSeenAtMs", "people.id", "people.name", "people.teamId", "people.roles"])
    .where("sessions.hash", "=", hash)
    .where("sessions.expiresAtMs", ">", nowMs)
    .where("sessions.lastSeenAtMs", ">", nowMs - sessionIdleMs)
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

/** Ends a session at once; an unknown one is none. */
export async function endSession(context: ControlContext, secret: string): Promise<void> {
  await context.store.transaction().execute(async (transaction) => {
    const ended = await transaction
      .deleteFrom("sessions")
      .where("hash", "=", secretHash(secret))
      .returning("personId")
      .executeTakeFirst();
    if (ended === undefined) return;
    const entry = { action: "session.end", entityId: ended.personId, before: null, after: null };
    await recordChange(transaction, context, entry);
  });
}
