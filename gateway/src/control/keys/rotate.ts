import { v7 as uuidv7 } from "uuid";
import { formatVirtualKey, keyHash, keyHint } from "../../identity/virtual-key.ts";
import { ControlError } from "../errors.ts";
import { bumpRevision, type ControlContext, recordChange } from "../store/change.ts";
import type { StoreTransaction } from "../store/open-store.ts";
import { type CreatedKey, requireRoom } from "./create.ts";
import { findKey } from "./find.ts";
import { toKeyRecord } from "./key-record.ts";

export interface RotateKeyInput {
  readonly keyId: string;
  /** Set when a person rotates a key of their own: another's key is then not found. */
  readonly personId?: string;
  /** For how long the old key works on; 0 = it is revoked at once. */
  readonly overlapMs: number;
  /** How many live keys a person may have; while old ones overlap, twice as many. */
  readonly maxLiveKeys?: number;
}

export interface RotatedKey extends CreatedKey {
  /** When the old key ends, unix milliseconds. */
  readonly oldEndsAtMs: number;
}

type KeyRow = Awaited<ReturnType<typeof findKey>>;

/** @throws {ControlError} WEIR_KEY_NOT_ROTATABLE: a key that has ended stays ended. */
async function requireRotatable(
  transaction: StoreTransaction,
  row: KeyRow,
  nowMs: number,
): Promise<void> {
  if (row.revokedAtMs !== null || (row.expiresAtMs !== null && row.expiresAtMs <= nowMs)) {
    throw new ControlError(
      "WEIR_KEY_NOT_ROTATABLE",
      `The key "${row.id}" is revoked or has expired. Create a new one.`,
    );
  }
  const successor = await transaction
    .selectFrom("keys")
    .select("id")
    .where("rotatedFrom", "=", row.id)
    .executeTakeFirst();
  if (successor !== undefined) {
    throw new ControlError(
      "WEIR_KEY_NOT_ROTATABLE",
      `The key "${row.id}" was rotated already: "${successor.id}" has taken its place.`,
    );
  }
}

/**
 * Puts a new secret in the place of a key: same person, agent, scopes, models and lineage, and
 * a life as long as the old one had. The old key works on for the overlap, never longer than it
 * would have. One entry of the audit log tells of both.
 *
 * @throws {ControlError} WEIR_KEY_NOT_FOUND, WEIR_KEY_NOT_ROTATABLE.
 */
export async function rotateKey(
  context: ControlContext,
  input: RotateKeyInput,
): Promise<RotatedKey> {
  const nowMs = context.now();
  const key = formatVirtualKey(context.randomBytes(32));
  return context.store.transaction().execute(async (transaction) => {
    const old = await findKey(transaction, input);
    await requireRotatable(transaction, old, nowMs);
    if (input.overlapMs > 0) {
      const { maxLiveKeys = Infinity } = input;
      // Else a chain of rotations would be a way to any number of keys.
      await requireRoom(transaction, old.personId, { nowMs, maxLiveKeys: 2 * maxLiveKeys });
    }
    const row = {
      ...old,
      id: uuidv7({ msecs: nowMs, random: context.randomBytes(16) }),
      hash: keyHash(key),
      hint: keyHint(key),
      rotatedFrom: old.id,
      createdAtMs: nowMs,
      expiresAtMs: old.expiresAtMs === null ? null : nowMs + (old.expiresAtMs - old.createdAtMs),
      lastUsedAtMs: null,
    };
    const endsAtMs = Math.min(old.expiresAtMs ?? Infinity, nowMs + input.overlapMs);
    const end = input.overlapMs === 0 ? { revokedAtMs: nowMs } : { expiresAtMs: endsAtMs };
    await transaction.updateTable("keys").set(end).where("id", "=", old.id).execute();
    await transaction.insertInto("keys").values(row).execute();
    const record = toKeyRecord(row);
    const before = toKeyRecord(old);
    await recordChange(transaction, context, {
      action: "key.rotate",
      entityId: old.id,
      before,
      after: { retired: { ...before, ...end }, successor: record },
    });
    await bumpRevision(transaction);
    return { key, record, oldEndsAtMs: endsAtMs };
  });
}
