import { v7 as uuidv7 } from "uuid";
import { ControlError } from "../errors.ts";
import type { Store, StoreTransaction } from "./open-store.ts";
import { refusalName } from "./schema.ts";

/**
 * Who changes something: a signed-in person, the operator at the command line, the identity provider
 * over SCIM, or Weir itself.
 */
export type Actor = `person:${string}` | "command-line" | "scim" | "weir";

/** What every verb of the control plane works with. `now` is in unix milliseconds. */
export interface ControlContext {
  readonly store: Store;
  readonly actor: Actor;
  readonly now: () => number;
  readonly randomBytes: (size: number) => Buffer;
  /**
   * Of a process that records what it changes itself: throws {@link auditUnavailable} while it
   * cannot. Left out = asks the store what the controls that do say.
   */
  readonly assertRecordable?: () => void;
}

interface AdminLogEntry {
  /** `{entity}.{verb}` */
  readonly action: string;
  readonly entityId: string;
  /** Never a secret, nor the hash of one. */
  readonly before: object | null;
  readonly after: object | null;
}

/** What is said of a change that could not be recorded, and therefore was not made. */
export function auditUnavailable(cause?: unknown): ControlError {
  return new ControlError(
    "WEIR_AUDIT_UNAVAILABLE",
    "Nothing was changed and nothing handed out, since it could not be recorded. " +
      "See the audit log's state in the ledger's status; usually the disk is full.",
    { cause },
  );
}

/**
 * Tells the log who did what. Runs in the change's own transaction: no log entry, no change.
 * From here it goes into the ledger, see ../audit/outbox-publisher.ts.
 *
 * @throws {ControlError} WEIR_AUDIT_UNAVAILABLE while the ledger cannot take it.
 */
export async function recordChange(
  transaction: StoreTransaction,
  context: ControlContext,
  entry: AdminLogEntry,
): Promise<void> {
  const atMs = context.now();
  await assertRecordable(transaction, context, atMs);
  await transaction
    .insertInto("adminLog")
    .values({
      id: uuidv7({ msecs: atMs, random: context.randomBytes(16) }),
      atMs,
      actor: context.actor,
      action: entry.action,
      entityId: entry.entityId,
      before: entry.before === null ? null : JSON.stringify(entry.before),
      after: entry.after === null ? null : JSON.stringify(entry.after),
    })
    .execute();
}

async function assertRecordable(
  transaction: StoreTransaction,
  context: ControlContext,
  atMs: number,
): Promise<void> {
  if (context.assertRecordable !== undefined) return context.assertRecordable();
  const refusal = await transaction
    .selectFrom("meta")
    .select("name")
    .where((row) => row(row.cast<string>("name", "text"), "like", `${refusalName}%`))
    .where("value", ">", atMs)
    .executeTakeFirst();
  if (refusal !== undefined) throw auditUnavailable();
}

/** Makes every control process publish a new snapshot once the transaction commits. */
export async function bumpRevision(transaction: StoreTransaction): Promise<void> {
  await transaction
    .updateTable("meta")
    .set((expression) => ({ value: expression("value", "+", 1) }))
    .where("name", "=", "revision")
    .execute();
}

/** The number that grows with every change to what proxies must know. */
export async function readRevision(store: Store): Promise<number> {
  const row = await store
    .selectFrom("meta")
    .select("value")
    .where("name", "=", "revision")
    .executeTakeFirstOrThrow();
  return row.value;
}
