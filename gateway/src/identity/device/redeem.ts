import { ControlError } from "../../control/errors.ts";
import { createKey } from "../../control/keys/create.ts";
import { revokeKey } from "../../control/keys/revoke.ts";
import type { ControlContext } from "../../control/store/change.ts";
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

interface Claim {
  readonly personId: string;
  readonly deviceName: string;
}

/** Takes an approved sign-in, once; or what to tell the device in its place. */
async function claim(
  { store, now }: Context,
  deviceHash: string,
): Promise<Claim | { readonly error: DeviceGrantError }> {
  const nowMs = now();
  return store.transaction().execute(async (transaction) => {
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
    if (row.state === "approved" && row.personId !== null) {
      await rows.set({ state: "used", lastPolledAtMs: nowMs }).execute();
      return { personId: row.personId, deviceName: row.deviceName };
    }
    await rows.set({ lastPolledAtMs: nowMs }).execute();
    return { error: row.state === "denied" ? "access_denied" : "authorization_pending" };
  });
}

/**
 * What a device gets that asks for its key (RFC 8628 §3.4): the key once, after a person has
 * approved; until then why not yet.
 */
export async function redeemDeviceCode(
  context: Context,
  input: { readonly deviceCode: string; readonly keyLifetimeMs: number },
): Promise<DeviceGrant> {
  const { store } = context;
  const deviceHash = secretHash(input.deviceCode);
  const claimed = await claim(context, deviceHash);
  if ("error" in claimed) return claimed;
  const { personId, deviceName } = claimed;
  const expiresAtMs = context.now() + input.keyLifetimeMs;
  // In transactions, since those wait for other writers.
  const update = (values: { state: "approved" } | { keyId: string; expiresAtMs: number }) =>
    store
      .transaction()
      .execute((transaction) =>
        transaction
          .updateTable("deviceLogins")
          .set(values)
          .where("deviceHash", "=", deviceHash)
          .execute(),
      );
  try {
    const { key, record } = await createKey(
      { ...context, actor: `person:${personId}` },
      { name: `weir login on ${deviceName}`, personId, expiresAtMs },
    );
    // For as long as the key lives the device may revoke it, by the key itself.
    await update({ keyId: record.id, expiresAtMs });
    return { key, expiresInMs: input.keyLifetimeMs };
  } catch (error) {
    if (error instanceof ControlError && error.status < 500) return { error: "access_denied" };
    // Nothing was handed out: the device may ask again.
    await update({ state: "approved" });
    throw error;
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
