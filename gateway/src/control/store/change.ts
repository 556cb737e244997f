import type { Store, StoreTransaction } from "./open-store.ts";

/** Who changes something: a signed-in person, the operator at the command line, or Weir itself. */
export type Actor = `person:${string}` | "command-line" | "weir";

/** What every verb of the control plane works with. `now` is in unix milliseconds. */
export interface ControlContext {
  readonly store: Store;
  readonly actor: Actor;
  readonly now: () => number;
  readonly randomBytes: (size: number) => Buffer;
}

interface AdminLogEntry {
  /** `{entity}.{verb}` */
  readonly action: string;
  readonly entityId: string;
  /** Never a secret, nor the hash of one. */
  readonly before: object | null;
  readonly after: object | null;
}

/** Tells the log who did what. Runs in the change's own transaction: no log entry, no change. */
export async function recordChange(
  transaction: StoreTransaction,
  context: ControlContext,
  entry: AdminLogEntry,
): Promise<void> {
  await transaction
    .insertInto("adminLog")
    .values({
      atMs: context.now(),
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
  const row = await store
    .selectFrom("meta")
    .select("value")
    .where("name", "=", "revision")
    .executeTakeFirstOrThrow();
  return row.value;
}
