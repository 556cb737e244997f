import { hash } from "node:crypto";
import type { Selectable } from "kysely";
import type { AdminEvent } from "../../contracts/audit-event.ts";
import type { Store, StoreTransaction } from "../store/open-store.ts";
import { refusalName, type StoreSchema } from "../store/schema.ts";
import { isPostgres } from "../store/store-kind.ts";

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

/** Changes that are not marked as published, and that no other control has claimed. */
function unpublished(store: Store | StoreTransaction, controlId: string) {
  const all = store.selectFrom("adminLog").where("publishedAtMs", "is", null);
  // A file is in the data directory with its spool, also when both come from a backup: no other's.
  if (!isPostgres(store)) return all;
  return all.where((row) =>
    row.or([row("claimedBy", "is", null), row("claimedBy", "=", controlId)]),
  );
}

/** Ids of changes of which it is not known whether this control has published them. */
export async function readClaimed(store: Store, controlId: string): Promise<string[]> {
  const rows = await unpublished(store, controlId)
    .select("id")
    .where("claimedAtMs", "is not", null)
    .execute();
  return rows.map(({ id }) => id);
}

/** How many changes wait for this control, or for any, and since when the oldest does. */
export async function countUnpublished(
  store: Store,
  controlId: string,
): Promise<{ readonly changes: number; readonly oldestAtMs: number | null }> {
  return unpublished(store, controlId)
    .select((expression) => [
      expression.fn.countAll<number>().as("changes"),
      expression.fn.min<number | null>("atMs").as("oldestAtMs"),
    ])
    .executeTakeFirstOrThrow();
}

export interface ClaimOptions {
  readonly controlId: string;
  readonly limit: number;
  readonly atMs: number;
}

/**
 * Notes that these changes, the oldest that wait, are about to be published by this control: from
 * here on no other one takes them.
 */
export async function claimUnpublished(store: Store, options: ClaimOptions): Promise<OutboxRow[]> {
  const { controlId, limit, atMs } = options;
  // Asked without a transaction first, which would make others wait: mostly there is nothing.
  const waiting = await unpublished(store, controlId).select("id").limit(1).executeTakeFirst();
  if (waiting === undefined) return [];
  return store.transaction().execute(async (transaction) => {
    const rows = await unpublished(transaction, controlId)
      .selectAll()
      .orderBy("sequence")
      .limit(limit)
      .execute();
    const ids = rows.map(({ id }) => id);
    const claims = transaction.updateTable("adminLog");
    if (ids.length > 0)
      await claims
        .set({ claimedAtMs: atMs, claimedBy: controlId })
        .where("id", "in", ids)
        .execute();
    return rows;
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

/**
 * Makes commands that change the shared store refuse to, until then; 0 = no longer. Each control
 * has its own word, and takes back no other's.
 */
export async function refuseChangesUntil(
  store: Store,
  controlId: string,
  untilMs: number,
): Promise<void> {
  const name = isPostgres(store) ? (`${refusalName}:${controlId}` as const) : refusalName;
  await store.transaction().execute(async (transaction) => {
    const row = transaction.insertInto("meta").values({ name, value: untilMs });
    await row
      .onConflict((conflict) => conflict.column("name").doUpdateSet({ value: untilMs }))
      .execute();
  });
}
