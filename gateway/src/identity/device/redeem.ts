import { ControlError } from "../../control/errors.ts";
import { insertKey } from "../../control/keys/create.ts";
import { revokeKey } from "../../control/keys/revoke.ts";
import type { ControlContext } from "../../control/store/change.ts";
import type { StoreTransaction } from "../../control/store/open-store.ts";
import { secretHash } from "../secret.ts";
import { keyHash, looksLikeKey } from "../virtual-key.ts";

type Context = Omit<ControlContext, "actor">;

/** RFC 8628 §3.5. */
export type DeviceGrantError =
  | "authorization_pending"
  | "slow_down"
  | "access_denied"
  | "expired_token";

export type DeviceGrant =
  | { readonly error: DeviceGrantError }
  | { readonly key: string; readonly expiresInMs: number };

const slowDownMs = 5000;
const maxIntervalMs = 60_000;
// Timers may fire early.
const jitterMs = 500;

interface Redemption {
  readonly deviceHash: string;
  readonly keyLifetimeMs: number;
}

/** The key of an approved sign-in, once; or what to tell the device in its place. */
async function redeem(
  transaction: StoreTransaction,
  context: Context,
  { deviceHash, keyLifetimeMs }: Redemption,
): Promise<DeviceGrant> {
  const nowMs = context.now();
  const rows = transaction.updateTable("deviceLogins").where("deviceHash", "=", deviceHash);
  const row = await transaction
    .selectFrom("deviceLogins")
    .selectAll()
    .where("deviceHash", "=", deviceHash)
    .executeTakeFirst();
  if (row === undefined || row.expiresAtMs <= nowMs || row.state === "used")
    return { error: "expired_token" };
  if (row.lastPolledAtMs !== null && nowMs - row.lastPolledAtMs < row.intervalMs - jitterMs) {
    const intervalMs = Math.min(row.intervalMs + slowDownMs, maxIntervalMs);
    await rows.set({ intervalMs, lastPolledAtMs: nowMs }).execute();
    return { error: "slow_down" };
  }
  const { state, personId, deviceName } = row;
  if (state !== "approved" || personId === null) {
    await rows.set({ lastPolledAtMs: nowMs }).execute();
    return { error: state === "denied" ? "access_denied" : "authorization_pending" };
  }
  const expiresAtMs = nowMs + keyLifetimeMs;
  const { key, record } = await insertKey(
    transaction,
    { ...context, actor: `person:${personId}` },
    { name: `weir login on ${deviceName}`, personId, expiresAtMs },
  );
  // For as long as the key lives the device may revoke it, by the key itself.
  const used = { state: "used", keyId: record.id, expiresAtMs, lastPolledAtMs: nowMs } as const;
  await rows.set(used).execute();
  return { key, expiresInMs: keyLifetimeMs };
}

/**
 * What a device gets that asks for its key (RFC 8628 §3.4): the key once, after a person has
 * approved; until then why not yet. Code and key go together: whatever breaks off in between, the
 * device may ask again.
 */
export async function redeemDeviceCode(
  context: Context,
  input: { readonly deviceCode: string; readonly keyLifetimeMs: number },
): Promise<DeviceGrant> {
  const { store } = context;
  const deviceHash = secretHash(input.deviceCode);
  const { keyLifetimeMs } = input;
  try {
    return await store
      .transaction()
      .execute((transaction) => redeem(transaction, context, { deviceHash, keyLifetimeMs }));
  } catch (error) {
    if (!(error instanceof ControlError && error.status < 500)) throw error;
    // The person may have no key, or has left: asking again changes nothing.
    await store.transaction().execute(async (transaction) => {
      const update = transaction.updateTable("deviceLogins").set({ state: "used" });
      await update.where("deviceHash", "=", deviceHash).execute();
    });
    return { error: "access_denied" };
  }
}

/**
 * Revokes the key that a device was given, for whoever holds it (RFC 7009). Anything else is left
 * as it is, and nobody learns the difference.
 *
 * @returns whether a key was revoked.
 */
export async function revokeDeviceKey(context: Context, key: string): Promise<boolean> {
  if (!looksLikeKey(key)) return false;
  const row = await context.store
    .selectFrom("keys")
    .innerJoin("deviceLogins", "deviceLogins.keyId", "keys.id")
    .select(["keys.id", "keys.personId"])
    .where("keys.hash", "=", keyHash(key))
    .where("keys.revokedAtMs", "is", null)
    .executeTakeFirst();
  if (row === undefined) return false;
  const actor = `person:${row.personId}` as const;
  await revokeKey({ ...context, actor }, { keyId: row.id });
  return true;
}
