import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";
import { isPostgres } from "../store-kind.ts";

async function createDirectory(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable("teams")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("cost_center", "text", (column) => column.notNull())
    .addColumn("models", "text", (column) => column.notNull())
    .addColumn("tools", "text", (column) => column.notNull())
    .addColumn("max_tokens", "bigint")
    .addColumn("created_at_ms", "bigint", (column) => column.notNull())
    .addColumn("removed_at_ms", "bigint")
    .execute();
  await database.schema
    .createTable("people")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("team_id", "text", (column) => column.notNull().references("teams.id"))
    .addColumn("roles", "text", (column) => column.notNull())
    .addColumn("created_at_ms", "bigint", (column) => column.notNull())
    .addColumn("removed_at_ms", "bigint")
    .execute();
}

async function createCredentials(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable("keys")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("name", "text", (column) => column.notNull())
    .addColumn("hash", "text", (column) => column.notNull().unique())
    .addColumn("hint", "text", (column) => column.notNull())
    .addColumn("person_id", "text", (column) => column.notNull().references("people.id"))
    .addColumn("agent_id", "text")
    .addColumn("created_at_ms", "bigint", (column) => column.notNull())
    .addColumn("expires_at_ms", "bigint")
    .addColumn("revoked_at_ms", "bigint")
    .execute();
  await database.schema.createIndex("keys_person").on("keys").column("person_id").execute();
  await database.schema
    .createTable("login_tokens")
    .addColumn("hash", "text", (column) => column.primaryKey())
    .addColumn("person_id", "text", (column) => column.notNull().references("people.id"))
    .addColumn("created_at_ms", "bigint", (column) => column.notNull())
    .addColumn("expires_at_ms", "bigint", (column) => column.notNull())
    .addColumn("used_at_ms", "bigint")
    .execute();
  await database.schema
    .createTable("sessions")
    .addColumn("hash", "text", (column) => column.primaryKey())
    .addColumn("person_id", "text", (column) => column.notNull().references("people.id"))
    .addColumn("created_at_ms", "bigint", (column) => column.notNull())
    .addColumn("last_seen_at_ms", "bigint", (column) => column.notNull())
    .addColumn("expires_at_ms", "bigint", (column) => column.notNull())
    .execute();
}

async function createRecords(database: Kysely<unknown>): Promise<void> {
  const log = database.schema.createTable("admin_log");
  // SQLite's rowid alias must be spelt `integer`; AUTOINCREMENT never gives a number twice.
  const numbered = isPostgres(database)
    ? log.addColumn("sequence", "bigint", (column) =>
        column.primaryKey().generatedAlwaysAsIdentity(),
      )
    : log.addColumn("sequence", "integer", (column) => column.primaryKey().autoIncrement());
  await numbered
    .addColumn("at_ms", "bigint", (column) => column.notNull())
    .addColumn("actor", "text", (column) => column.notNull())
    .addColumn("action", "text", (column) => column.notNull())
    .addColumn("entity_id", "text", (column) => column.notNull())
    .addColumn("before", "text")
    .addColumn("after", "text")
    .execute();
  await database.schema
    .createTable("meta")
    .addColumn("name", "text", (column) => column.primaryKey())
    .addColumn("value", "bigint", (column) => column.notNull())
    .execute();
  await sql`insert into meta (name, value) values ('revision', 0)`.execute(database);
}

export const initial: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await createDirectory(database);
    await createCredentials(database);
    await createRecords(database);
  },
};
