import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { bumpRevision, type ControlContext } from "../store/change.ts";
import type { Store, StoreTransaction } from "../store/open-store.ts";
import { isPostgres } from "../store/store-kind.ts";

export interface StoreCounts {
  readonly keys: number;
  readonly sessions: number;
  readonly loginTokens: number;
  readonly people: number;
  readonly scimUsers: number;
  readonly history: number;
  readonly changes: number;
}

/** How much of a person is in the control store. */
export async function countInStore(store: Store, personId: string): Promise<StoreCounts> {
  const count = async (
    table: "keys" | "sessions" | "loginTokens" | "scimUsers" | "personHistory",
  ) => {
    const { rows } = await store
      .selectFrom(table)
      .select((expression) => expression.fn.countAll<number>().as("rows"))
      .where("personId", "=", personId)
      .executeTakeFirstOrThrow();
    return rows;
  };
  const { people } = await store
    .selectFrom("people")
    .select((expression) => expression.fn.countAll<number>().as("people"))
    .where("id", "=", personId)
    .executeTakeFirstOrThrow();
  return {
    keys: await count("keys"),
    sessions: await count("sessions"),
    loginTokens: await count("loginTokens"),
    people,
    scimUsers: await count("scimUsers"),
    history: await count("personHistory"),
    changes: (await changesOf(store, personId)).length,
  };
}

/** Ends all that the person can do with Weir, at once and for good, and forgets them. */
export async function closeAccount(context: ControlContext, personId: string): Promise<void> {
  await context.store.transaction().execute(async (transaction) => {
    const tables = [
      "keys",
      "sessions",
      "loginTokens",
      "identities",
      "deviceLogins",
      "grants",
    ] as const;
    for (const table of [...tables, "deviceCodeMisses"] as const)
      await transaction.deleteFrom(table).where("personId", "=", personId).execute();
    // Those of other people for an agent of theirs name them too.
    await transaction
      .deleteFrom("grants")
      .where(sql<boolean>`substr(agent, 1, ${personId.length + 1}) = ${`${personId}/`}`)
      .execute();
    await transaction.deleteFrom("budgetRaises").where("counted", "=", personId).execute();
    await transaction
      .updateTable("budgetRaises")
      .set({ reason: "" })
      .where("reason", "like", `%${personId.replaceAll(/[%_]/g, "_")}%`)
      .execute();
    await eraseStops(transaction, personId);
    await eraseFromDirectory(transaction, personId);
    await transaction.deleteFrom("people").where("id", "=", personId).execute();
    await bumpRevision(transaction);
  });
}

/** Stops of the person, whose keys and agents are gone; of those that they set, their name. */
async function eraseStops(transaction: StoreTransaction, personId: string): Promise<void> {
  const named = transaction
    .selectFrom("stops")
    .select("id")
    .where((or) =>
      or.or([
        or("ownerId", "=", personId),
        or.and([or("kind", "=", "person"), or("target", "=", personId)]),
        sql<boolean>`substr(target, 1, ${personId.length + 1}) = ${`${personId}/`}`,
      ]),
    );
  const ids = (await named.execute()).map(({ id }) => id);
  for (const id of ids) {
    await transaction.deleteFrom("stopLifts").where("stopId", "=", id).execute();
    await transaction.deleteFrom("stops").where("id", "=", id).execute();
  }
  const actor = `person:${personId}`;
  await transaction
    .updateTable("stops")
    .set({ setBy: "person:erased" })
    .where("setBy", "=", actor)
    .execute();
  await transaction
    .updateTable("stopLifts")
    .set({ liftedBy: "person:erased" })
    .where("liftedBy", "=", actor)
    .execute();
}

/** What identity providers wrote of the person, and where others name them as their manager. */
async function eraseFromDirectory(transaction: StoreTransaction, personId: string): Promise<void> {
  const users = transaction.selectFrom("scimUsers").select(["id", "userNameKey"]);
  const user = await users.where("personId", "=", personId).executeTakeFirst();
  if (user !== undefined) {
    await transaction.deleteFrom("scimMembers").where("userId", "=", user.id).execute();
    await transaction.deleteFrom("scimUsers").where("id", "=", user.id).execute();
    await transaction
      .updateTable("scimUsers")
      .set({ managerRef: null })
      .where(({ fn }) => fn<string>("lower", ["managerRef"]), "in", [user.id, user.userNameKey])
      .execute();
  }
  await transaction.deleteFrom("personHistory").where("personId", "=", personId).execute();
  for (const table of ["people", "personHistory"] as const)
    await transaction
      .updateTable(table)
      .set({ managerId: null })
      .where("managerId", "=", personId)
      .execute();
}

/** Deletes the changes that the person made or that name them. */
export async function eraseChanges(store: Store, personId: string): Promise<void> {
  const sequences = await changesOf(store, personId);
  await store.transaction().execute(async (transaction) => {
    for (const sequence of sequences)
      await transaction.deleteFrom("adminLog").where("sequence", "=", sequence).execute();
  });
}

async function changesOf(store: Store, personId: string): Promise<number[]> {
  const inside = `%${personId.replaceAll(/[%_\\]/g, (character) => `\\${character}`)}%`;
  const rows = await store
    .selectFrom("adminLog")
    .select(["sequence", "actor", "entityId", "before", "after"])
    .where(
      sql<boolean>`actor = ${`person:${personId}`} or entity_id = ${personId}
        or before like ${inside} escape '\\' or after like ${inside} escape '\\'`,
    )
    .execute();
  const named = new RegExp(`(^|[^A-Za-z0-9._@-])${RegExp.escape(personId)}($|[^A-Za-z0-9._@-])`);
  return rows
    .filter(
      ({ actor, entityId, before, after }) =>
        actor === `person:${personId}` ||
        entityId === personId ||
        [before, after].some((text) => text !== null && named.test(text)),
    )
    .map(({ sequence }) => sequence);
}

const VACUUM_ATTEMPTS = 100;
const RETRY_MS = 50;

/**
 * Writes the store anew without what was deleted. An SQLite file loses its write-ahead log too;
 * PostgreSQL's own, its replicas and its backups are not in reach from here.
 */
export async function scrubStore(store: Store): Promise<void> {
  if (isPostgres(store)) await scrubTables(store);
  else await scrubFile(store);
}

async function scrubTables(store: Store): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    select tablename as name from pg_tables where schemaname = current_schema()`.execute(store);
  const tables = sql.join(rows.map(({ name }) => sql.table(name)));
  // With new statistics, since those of before hold values of columns.
  await sql`VACUUM (FULL, ANALYZE) ${tables}`.execute(store);
}

async function scrubFile(store: Store): Promise<void> {
  await sql`PRAGMA secure_delete = ON`.execute(store);
  for (let attempt = 1; ; attempt += 1) {
    try {
      await sql`VACUUM`.execute(store);
      const { rows } = await sql<{ busy: number }>`PRAGMA wal_checkpoint(TRUNCATE)`.execute(store);
      if (rows[0]?.busy === 0) return;
      throw new Error("The control store is being read: its write-ahead log stays for now");
    } catch (error) {
      if (attempt >= VACUUM_ATTEMPTS) throw error;
      await sleep(RETRY_MS);
    }
  }
}
