import { hash } from "node:crypto";
import type { Selectable } from "kysely";
import type { AdminEvent } from "../../contracts/audit-event.ts";
import type { Store } from "../store/open-store.ts";
import type { StoreSchema } from "../store/schema.ts";

type OutboxRow = Selectable<StoreSchema["adminLog"]>;

/** Larger documents are in the store alone; the ledger has their digest. */
const maxDocumentBytes = 262_144;

function documentOf(text: string | null): string {
  if (text === null) return "";
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxDocumentBytes) return text;
  return JSON.stringify({ omitted: { bytes, sha256: hash("sha256", text) } });
}

/** The row of the ledger that tells of a change. */
export function toAdminEvent(row: OutboxRow): AdminEvent {
  const { id, atMs, actor, action, entityId, before, after } = row;
  const documents = { before: documentOf(before), after: documentOf(after) };
  return { id, atMs, actor, action, entityId, ...documents };
}

/** Changes that are not marked as published, oldest first. */
export function readUnpublished(store: Store, limit: number): Promise<OutboxRow[]> {
  return store
    .selectFrom("adminLog")
    .selectAll()
    .where("publishedAtMs", "is", null)
    .orderBy("sequence")
    .limit(limit)
    .execute();
}

/** Ids of changes of which it is not known whether they have been published. */
export async function readClaimed(store: Store): Promise<string[]> {
  const rows = await store
    .selectFrom("adminLog")
    .select("id")
    .where("publishedAtMs", "is", null)
    .where("claimedAtMs", "is not", null)
    .execute();
  return rows.map(({ id }) => id);
}

/** How many changes wait, and since when the oldest does. */
export async function countUnpublished(
  store: Store,
): Promise<{ readonly changes: number; readonly oldestAtMs: number | null }> {
  return store
    .selectFrom("adminLog")
    .select((expression) => [
      expression.fn.countAll<number>().as("changes"),
      expression.fn.min<number | null>("atMs").as("oldestAtMs"),
    ])
    .where("publishedAtMs", "is", null)
    .executeTakeFirstOrThrow();
}

/** Notes that the changes are about to be published. */
export async function claim(store: Store, ids: readonly string[], atMs: number): Promise<void> {
  await store.transaction().execute(async (transaction) => {
    const rows = transaction.updateTable("adminLog").set({ claimedAtMs: atMs });
    await rows.where("id", "in", ids).execute();
  });
}

/** Notes that the changes have been published. */
export async function markPublished(
  store: Store,
  ids: readonly string[],
  atMs: number,
): Promise<void> {
  if (ids.length === 0) return;
  await store.transaction().execute(async (transaction) => {
    const rows = transaction.updateTable("adminLog").set({ publishedAtMs: atMs });
    await rows.where("id", "in", ids).execute();
  });
}

/** Makes every process that shares the store refuse changes until then; 0 = no longer. */
export async function refuseChangesUntil(store: Store, untilMs: number): Promise<void> {
  await store.transaction().execute(async (transaction) => {
    const row = transaction.updateTable("meta").set({ value: untilMs });
    await row.where("name", "=", "changes_refused_until_ms").execute();
  });
}
