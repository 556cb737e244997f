import { ControlError } from "../control/errors.ts";
import { type ControlContext, recordChange } from "../control/store/change.ts";
import { formatSecret, secretHash } from "./secret.ts";
import { type SessionLimits, startSession } from "./session.ts";

const lifetimeMs = 15 * 60_000;
const keptAfterExpiryMs = 24 * 3_600_000;

/**
 * Makes the token of a one-time login link: good for one sign-in within 15 minutes, stored hashed.
 *
 * @throws {ControlError} WEIR_PERSON_NOT_FOUND.
 */
export async function createLoginToken(
  context: ControlContext,
  input: { readonly personId: string },
): Promise<string> {
  const token = formatSecret(context.randomBytes);
  const createdAtMs = context.now();
  await context.store.transaction().execute(async (transaction) => {
    const person = await transaction
      .selectFrom("people")
      .select("id")
      .where("id", "=", input.personId)
      .where("removedAtMs", "is", null)
      .executeTakeFirst();
    if (person === undefined) {
      throw new ControlError("WEIR_PERSON_NOT_FOUND", `There is no person "${input.personId}".`);
    }
    await transaction
      .deleteFrom("loginTokens")
      .where("expiresAtMs", "<", createdAtMs - keptAfterExpiryMs)
      .execute();
    await transaction
      .insertInto("loginTokens")
      .values({
        hash: secretHash(token),
        personId: person.id,
        createdAtMs,
        expiresAtMs: createdAtMs + lifetimeMs,
        usedAtMs: null,
      })
      .execute();
    const entry = { action: "login-link.create", entityId: person.id, before: null, after: null };
    await recordChange(transaction, context, entry);
  });
  return token;
}

/** The address at which the token signs its person in, once. */
export function loginUrl(consoleUrl: string, token: string): string {
  return `${consoleUrl}/login?token=${token}`;
}

/**
 * Uses a login token up and starts a session. Of any number of attempts, at the same time or
 * later, in whatever process, one alone succeeds.
 *
 * @returns the session's secret for the cookie, or null for a token that is unknown, used or expired.
 */
export async function redeemLoginToken(
  context: Omit<ControlContext, "actor">,
  token: string,
  limits?: SessionLimits,
): Promise<string | null> {
  const nowMs = context.now();
  return context.store.transaction().execute(async (transaction) => {
    const used = await transaction
      .updateTable("loginTokens")
      .set({ usedAtMs: nowMs })
      .where("hash", "=", secretHash(token))
      .where("usedAtMs", "is", null)
      .where("expiresAtMs", ">", nowMs)
      .returning("personId")
      .executeTakeFirst();
    if (used === undefined) return null;
    return startSession(transaction, context, {
      personId: used.personId,
      ...(limits !== undefined && { limits }),
    });
  });
}
