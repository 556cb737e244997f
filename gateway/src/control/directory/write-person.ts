import { type ControlContext, recordChange } from "../store/change.ts";
import type { StoreTransaction } from "../store/open-store.ts";
import type { PersonSource } from "../store/schema.ts";

/** A person as the directory keeps them, whoever named them. */
export interface DirectoryPerson {
  readonly id: string;
  readonly name: string;
  readonly teamId: string;
  /** JSON text. */
  readonly roles: string;
  readonly source: PersonSource;
  readonly managerId: string | null;
  /** Null = that of the team. */
  readonly costCenter: string | null;
}

/**
 * Writes a person and the change's row. The caller notes the history and bumps the revision, once
 * for all whom it changes.
 *
 * @param before as they were; null = they were not there, or had been removed.
 */
export async function putPerson(
  transaction: StoreTransaction,
  context: ControlContext,
  before: DirectoryPerson | null,
  after: DirectoryPerson,
): Promise<void> {
  await transaction
    .insertInto("people")
    .values({ ...after, createdAtMs: context.now(), removedAtMs: null })
    .onConflict((conflict) => conflict.column("id").doUpdateSet({ ...after, removedAtMs: null }))
    .execute();
  const action = before === null ? "person.create" : "person.update";
  await recordChange(transaction, context, { action, entityId: after.id, before, after });
}

/** Removes a person, whose keys and sessions stop with it; likewise. A person who comes back has the keys again. */
export async function removePerson(
  transaction: StoreTransaction,
  context: ControlContext,
  before: DirectoryPerson,
): Promise<void> {
  const { id } = before;
  const removal = transaction.updateTable("people").set({ removedAtMs: context.now() });
  await removal.where("id", "=", id).execute();
  await transaction.deleteFrom("sessions").where("personId", "=", id).execute();
  const entry = { action: "person.remove", entityId: id, before, after: null };
  await recordChange(transaction, context, entry);
}
