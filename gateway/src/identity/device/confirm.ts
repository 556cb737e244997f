import { v7 as uuidv7 } from "uuid";
import { ControlError } from "../../control/errors.ts";
import { type ControlContext, recordChange } from "../../control/store/change.ts";
import type { StoreTransaction } from "../../control/store/open-store.ts";
import { userCodeHash } from "./device-login.ts";

const maxMisses = 5;
const missesWithinMs = 10 * 60_000;

/** A device that waits for a person's word. */
export interface WaitingDevice {
  readonly deviceName: string;
  readonly createdAtMs: number;
  readonly expiresAtMs: number;
}

interface Entry {
  readonly personId: string;
  readonly userCode: string;
}

type Outcome = WaitingDevice | "none" | "too-many";

/** Counts misses in the same transaction: no number of requests at once gets past the limit. */
async function find(
  transaction: StoreTransaction,
  context: ControlContext,
  { personId, userCode }: Entry,
): Promise<Outcome> {
  const nowMs = context.now();
  const sinceMs = nowMs - missesWithinMs;
  await transaction.deleteFrom("deviceCodeMisses").where("atMs", "<=", sinceMs).execute();
  const { misses } = await transaction
    .selectFrom("deviceCodeMisses")
    .select((expression) => expression.fn.countAll().as("misses"))
    .where("personId", "=", personId)
    .executeTakeFirstOrThrow();
  if (Number(misses) >= maxMisses) return "too-many";
  const found = await transaction
    .selectFrom("deviceLogins")
    .select(["deviceName", "createdAtMs", "expiresAtMs"])
    .where("userCodeHash", "=", userCodeHash(userCode))
    .where("state", "=", "pending")
    .where("expiresAtMs", ">", nowMs)
    .executeTakeFirst();
  if (found !== undefined) return found;
  const id = uuidv7({ msecs: nowMs, random: context.randomBytes(16) });
  await transaction.insertInto("deviceCodeMisses").values({ id, personId, atMs: nowMs }).execute();
  return "none";
}

function required(outcome: Outcome): WaitingDevice {
  if (outcome === "too-many")
    throw new ControlError(
      "WEIR_TOO_MANY_CODES",
      "Five codes were wrong. Wait ten minutes, then run `weir login` again.",
    );
  if (outcome === "none")
    throw new ControlError(
      "WEIR_DEVICE_CODE_NOT_FOUND",
      "Nothing waits with this code. Codes work for ten minutes: run `weir login` again.",
    );
  return outcome;
}

/**
 * What waits with the code that a person has typed. Five wrong codes within ten minutes, and that
 * person can enter no more.
 *
 * @throws {ControlError} WEIR_DEVICE_CODE_NOT_FOUND, WEIR_TOO_MANY_CODES.
 */
export async function findWaitingDevice(
  context: ControlContext,
  entry: Entry,
): Promise<WaitingDevice> {
  const outcome = await context.store
    .transaction()
    .execute((transaction) => find(transaction, context, entry));
  return required(outcome);
}

/**
 * A person's word on a device: signed in as them, or refused. The device gets its key when it
 * asks next.
 *
 * @throws {ControlError} as {@link findWaitingDevice}.
 */
export async function decideDeviceLogin(
  context: ControlContext,
  decision: Entry & { readonly approve: boolean },
): Promise<WaitingDevice> {
  const { personId, userCode, approve } = decision;
  const outcome = await context.store.transaction().execute(async (transaction) => {
    const found = await find(transaction, context, decision);
    if (typeof found === "string") return found;
    await transaction
      .updateTable("deviceLogins")
      .set({ state: approve ? "approved" : "denied", personId })
      .where("userCodeHash", "=", userCodeHash(userCode))
      .execute();
    await recordChange(transaction, context, {
      action: approve ? "device-login.approve" : "device-login.deny",
      entityId: personId,
      before: null,
      after: { deviceName: found.deviceName },
    });
    return found;
  });
  return required(outcome);
}
