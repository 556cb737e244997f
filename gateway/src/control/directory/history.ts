import type { StoreTransaction } from "../store/open-store.ts";

interface Belonging {
  readonly personId: string;
  readonly teamId: string;
  readonly managerId: string | null;
  readonly costCenter: string;
}

// Ids bound to one statement: both stores take many more.
const batchSize = 500;

/**
 * Notes where people belong from now on, and closes what no longer holds. Runs in the transaction
 * that changed it, whatever the source.
 *
 * @param personIds left out = of everybody.
 */
export async function noteHistory(
  transaction: StoreTransaction,
  atMs: number,
  personIds?: readonly string[],
): Promise<void> {
  if (personIds === undefined) return noteBatch(transaction, atMs, null);
  for (let index = 0; index < personIds.length; index += batchSize)
    await noteBatch(transaction, atMs, personIds.slice(index, index + batchSize));
}

async function noteBatch(
  transaction: StoreTransaction,
  atMs: number,
  ids: readonly string[] | null,
): Promise<void> {
  const [now, open] = [await readNow(transaction, ids), await readOpen(transaction, ids)];
  const nowById = new Map(now.map((row) => [row.personId, row]));
  const openById = new Map(open.map((row) => [row.personId, row]));
  for (const row of open) {
    if (isSame(row, nowById.get(row.personId))) continue;
    const ended = transaction.updateTable("personHistory").set({ untilMs: atMs });
    await ended.where("personId", "=", row.personId).where("untilMs", "is", null).execute();
  }
  for (const row of now) {
    if (isSame(row, openById.get(row.personId))) continue;
    // Two changes within a millisecond: the last one holds.
    await transaction
      .insertInto("personHistory")
      .values({ ...row, fromMs: atMs, untilMs: null })
      .onConflict((conflict) =>
        conflict.columns(["personId", "fromMs"]).doUpdateSet({ ...row, untilMs: null }),
      )
      .execute();
  }
}

function isSame(left: Belonging, right: Belonging | undefined): boolean {
  return (
    left.teamId === right?.teamId &&
    left.managerId === right.managerId &&
    left.costCenter === right.costCenter
  );
}

async function readNow(
  transaction: StoreTransaction,
  ids: readonly string[] | null,
): Promise<Belonging[]> {
  const people = transaction
    .selectFrom("people")
    .innerJoin("teams", "teams.id", "people.teamId")
    .select(["people.id as personId", "people.teamId", "people.managerId"])
    .select(({ fn }) => fn.coalesce("people.costCenter", "teams.costCenter").as("costCenter"))
    .where("people.removedAtMs", "is", null);
  return (ids === null ? people : people.where("people.id", "in", ids)).execute();
}

async function readOpen(
  transaction: StoreTransaction,
  ids: readonly string[] | null,
): Promise<Belonging[]> {
  const rows = transaction
    .selectFrom("personHistory")
    .select(["personId", "teamId", "managerId", "costCenter"])
    .where("untilMs", "is", null);
  return (ids === null ? rows : rows.where("personId", "in", ids)).execute();
}
