import { ControlError } from "../../control/errors.ts";
import type { ControlContext } from "../../control/store/change.ts";
import { formatSecret, secretHash } from "../secret.ts";
import { formatUserCode, normalizeUserCode } from "./user-code.ts";

export const deviceLoginMs = 10 * 60_000;
export const pollIntervalMs = 5000;
// Anybody may ask: a flood must not fill the disk, nor make guessing codes worth the while.
const maxPending = 1000;

type Context = Omit<ControlContext, "actor">;

/** The only form in which a user code is stored. */
export function userCodeHash(typed: string): string {
  return secretHash(`user code ${normalizeUserCode(typed)}`);
}

/**
 * Begins a device's sign-in (RFC 8628 §3.1).
 *
 * @throws {ControlError} WEIR_TOO_MANY_WAITING.
 */
export async function beginDeviceLogin(
  { store, now, randomBytes }: Context,
  deviceName: string,
): Promise<{ readonly deviceCode: string; readonly userCode: string }> {
  const [deviceCode, userCode] = [formatSecret(randomBytes), formatUserCode(randomBytes)];
  const nowMs = now();
  await store.transaction().execute(async (transaction) => {
    await transaction.deleteFrom("deviceLogins").where("expiresAtMs", "<=", nowMs).execute();
    const { pending } = await transaction
      .selectFrom("deviceLogins")
      .select((expression) => expression.fn.countAll().as("pending"))
      .where("state", "!=", "used")
      .executeTakeFirstOrThrow();
    if (Number(pending) >= maxPending)
      throw new ControlError("WEIR_TOO_MANY_WAITING", "Too many devices are waiting to sign in.");
    await transaction
      .insertInto("deviceLogins")
      .values({
        deviceHash: secretHash(deviceCode),
        userCodeHash: userCodeHash(userCode),
        deviceName,
        state: "pending",
        personId: null,
        keyId: null,
        createdAtMs: nowMs,
        expiresAtMs: nowMs + deviceLoginMs,
        intervalMs: pollIntervalMs,
        lastPolledAtMs: null,
      })
      .execute();
  });
  return { deviceCode, userCode };
}
