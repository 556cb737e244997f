import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";
import { v7 as uuidv7 } from "uuid";

/** Changes of before get ids too, and go into the ledger like those that follow. */
async function giveIds(database: Kysely<unknown>): Promise<void> {
  const { rows } = await sql<{ sequence: number; time: number }>`
    select sequence, at_ms as time from admin_log order by sequence`.execute(database);
  for (const { sequence, time } of rows) {
    const id = uuidv7({ msecs: time });
    await sql`update admin_log set id = ${id} where sequence = ${sequence}`.execute(database);
  }
}

/** Makes the log of changes the outbox that the ledger is filled from. */
export const adminLogOutbox: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    // One at a time: SQLite adds one column a statement.
    await database.schema.alterTable("admin_log").addColumn("id", "text").execute();
    await database.schema.alterTable("admin_log").addColumn("claimed_at_ms", "bigint").execute();
    await database.schema.alterTable("admin_log").addColumn("published_at_ms", "bigint").execute();
    await giveIds(database);
    await database.schema
      .createIndex("admin_log_id")
      .on("admin_log")
      .column("id")
      .unique()
      .execute();
    await sql`create index admin_log_unpublished on admin_log (sequence) where published_at_ms is null`.execute(
      database,
    );
    await sql`insert into meta (name, value) values ('changes_refused_until_ms', 0)`.execute(
      database,
    );
  },
};
