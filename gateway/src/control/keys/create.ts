import { v7 as uuidv7 } from "uuid";
import type { Scope } from "../../contracts/scope.ts";
import type { DenialStyle } from "../../contracts/snapshot.ts";
import { formatVirtualKey, keyHash, keyHint } from "../../identity/virtual-key.ts";
import { ControlError } from "../errors.ts";
import { bumpRevision, type ControlContext, recordChange } from "../store/change.ts";
import type { StoreTransaction } from "../store/open-store.ts";
import { type KeyRecord, toKeyRecord } from "./key-record.ts";

export interface CreateKeyInput {
  readonly name: string;
  readonly personId: string;
  /** Unix milliseconds; left out = until it is revoked. */
  readonly expiresAtMs?: number;
  /** Set for an agent that acts on the person's behalf. */
  readonly agentId?: string;
  /** `soft` answers a denial as the model would; left out = an error. */
  readonly denialStyle?: DenialStyle;
  /** Left out = every scope. */
  readonly scopes?: readonly Scope[];
  /** Patterns that narrow the team's models; left out = all of them. */
  readonly models?: readonly string[];
  /** How many live keys the person may have with this one; left out = as many as anybody may. */
  readonly maxLiveKeys?: number;
}

export interface CreatedKey {
  /** The key itself: shown now and never again. */
  readonly key: string;
  readonly record: KeyRecord;
}

// Every live key is in every proxy's snapshot: a script gone wild must not fill them.
const maxLiveKeysPerPerson = 1000;

async function requirePerson(transaction: StoreTransaction, personId: string): Promise<void> {
  const person = await transaction
    .selectFrom("people")
    .select("id")
    .where("id", "=", personId)
    .where("removedAtMs", "is", null)
    .executeTakeFirst();
  if (person === undefined) {
    throw new ControlError(
      "WEIR_PERSON_NOT_FOUND",
      `There is no person "${personId}". Add them under \`people\` in weir.yaml and restart Weir.`,
    );
  }
}

/** @throws {ControlError} WEIR_TOO_MANY_KEYS. */
export async function requireRoom(
  transaction: StoreTransaction,
  personId: string,
  { nowMs, maxLiveKeys = maxLiveKeysPerPerson }: { nowMs: number; maxLiveKeys?: number },
): Promise<void> {
  const { live } = await transaction
    .selectFrom("keys")
    .select((expression) => expression.fn.countAll<number>().as("live"))
    .where("personId", "=", personId)
    .where("revokedAtMs", "is", null)
    .where((or) => or.or([or("expiresAtMs", "is", null), or("expiresAtMs", ">", nowMs)]))
    .executeTakeFirstOrThrow();
  if (live >= Math.min(maxLiveKeys, maxLiveKeysPerPerson)) {
    throw new ControlError(
      "WEIR_TOO_MANY_KEYS",
      `"${personId}" already has ${live} live keys. Revoke those that are no longer used.`,
    );
  }
}

/** As {@link createKey}, in a transaction that does more. */
export async function insertKey(
  transaction: StoreTransaction,
  context: ControlContext,
  input: CreateKeyInput,
): Promise<CreatedKey> {
  const { key, row } = newKey(context, input);
  const record = toKeyRecord(row);
  await requirePerson(transaction, input.personId);
  await requireRoom(transaction, input.personId, {
    nowMs: row.createdAtMs,
    ...(input.maxLiveKeys !== undefined && { maxLiveKeys: input.maxLiveKeys }),
  });
  await transaction.insertInto("keys").values(row).execute();
  const entry = { action: "key.create", entityId: row.id, before: null, after: record };
  await recordChange(transaction, context, entry);
  await bumpRevision(transaction);
  return { key, record };
}

/**
 * Creates a virtual key. Only its SHA-256 is stored; the key itself is in the answer alone.
 *
 * @throws {ControlError} WEIR_PERSON_NOT_FOUND, WEIR_TOO_MANY_KEYS, WEIR_INVALID_REQUEST.
 */
export async function createKey(
  context: ControlContext,
  input: CreateKeyInput,
): Promise<CreatedKey> {
  return context.store
    .transaction()
    .execute((transaction) => insertKey(transaction, context, input));
}

function newKey(context: ControlContext, input: CreateKeyInput) {
  const createdAtMs = context.now();
  if (input.expiresAtMs !== undefined && input.expiresAtMs <= createdAtMs) {
    throw new ControlError("WEIR_INVALID_REQUEST", "The key would expire before it exists.");
  }
  const key = formatVirtualKey(context.randomBytes(32));
  const id = uuidv7({ msecs: createdAtMs, random: context.randomBytes(16) });
  const row = {
    id,
    name: input.name,
    hash: keyHash(key),
    hint: keyHint(key),
    personId: input.personId,
    agentId: input.agentId ?? null,
    denialStyle: input.denialStyle ?? ("error" as const),
    scopes: input.scopes === undefined ? null : JSON.stringify(input.scopes),
    models: input.models === undefined ? null : JSON.stringify(input.models),
    lineageId: id,
    rotatedFrom: null,
    lastUsedAtMs: null,
    createdAtMs,
    expiresAtMs: input.expiresAtMs ?? null,
    revokedAtMs: null,
  };
  return { key, row };
}
