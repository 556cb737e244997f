import { ControlError } from "../../control/errors.ts";
import type { ControlContext } from "../../control/store/change.ts";
import { formatSecret, secretHash } from "../secret.ts";

export const pendingLoginMs = 10 * 60_000;
// Whoever may reach the sign-in page may begin one: a flood must not fill the disk.
const maxPending = 10_000;

type Context = Pick<ControlContext, "store" | "now" | "randomBytes">;

/**
 * Remembers that a browser has begun to sign in.
 *
 * @returns `state` for the identity provider, `secret` for the browser's cookie.
 * @throws {ControlError} WEIR_TOO_MANY_WAITING.
 */
export async function beginLogin(
  { store, now, randomBytes }: Context,
  returnTo: string,
): Promise<{ readonly state: string; readonly secret: string }> {
  const [state, secret] = [formatSecret(randomBytes), formatSecret(randomBytes)];
  const nowMs = now();
  await store.transaction().execute(async (transaction) => {
    await transaction.deleteFrom("pendingLogins").where("expiresAtMs", "<=", nowMs).execute();
    const { pending } = await transaction
      .selectFrom("pendingLogins")
      .select((expression) => expression.fn.countAll().as("pending"))
      .executeTakeFirstOrThrow();
    if (Number(pending) >= maxPending)
      throw new ControlError("WEIR_TOO_MANY_WAITING", "Too many sign-ins are under way.");
    await transaction
      .insertInto("pendingLogins")
      .values({
        stateHash: secretHash(state),
        browserHash: secretHash(secret),
        returnTo,
        expiresAtMs: nowMs + pendingLoginMs,
      })
      .execute();
  });
  return { state, secret };
}

/**
 * Uses a sign-in up that this very browser has begun, at most 10 minutes ago. Of any number of
 * attempts with one state, one alone succeeds.
 */
export async function takeLogin(
  { store, now }: Pick<Context, "store" | "now">,
  { state, secret }: { readonly state: string; readonly secret: string },
): Promise<{ readonly returnTo: string } | null> {
  const taken = await store
    .transaction()
    .execute((transaction) =>
      transaction
        .deleteFrom("pendingLogins")
        .where("stateHash", "=", secretHash(state))
        .where("browserHash", "=", secretHash(secret))
        .where("expiresAtMs", ">", now())
        .returning("returnTo")
        .executeTakeFirst(),
    );
  return taken ?? null;
}
