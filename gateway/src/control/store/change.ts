import { v7 as uuidv7 } from "uuid";
import { ControlError } from "../errors.ts";
import type { Store, StoreTransaction } from "./open-store.ts";
import type { StoreSchema } from "./schema.ts";

/** Who changes something: a signed-in person, the operator at the command line, or Weir itself. */
export type Actor = `person:${string}` | "command-line" | "weir";

/** What every verb of the control plane works with. `now` is in unix milliseconds. */
export interface ControlContext {
  readonly store: Store;
  readonly actor: Actor;
  readonly now: () => number;
  readonly randomBytes: (size: number) => Buffer;
  /** Throws {@link auditUnavailable} while this process knows that changes cannot be recorded. */
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
  context.assertRecordable?.();
  if (atMs < (await readMeta(transaction, "changes_refused_until_ms"))) throw auditUnavailable();
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
  return readMeta(store, "revision");
}

async function readMeta(store: Store, name: StoreSchema["meta"]["name"]): Promise<number> {
  const row = await store
    .selectFrom("meta")
    .select("value")
    .where("name", "=", name)
    .executeTakeFirstOrThrow();
  return row.value;
}
