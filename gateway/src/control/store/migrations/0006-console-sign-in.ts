import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

async function extendPeopleAndSessions(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .alterTable("people")
    .addColumn("source", "text", (column) => column.notNull().defaultTo("config"))
    .execute();
  // One at a time: SQLite adds one column a statement.
  for (const name of ["issuer", "subject", "provider_session", "sealed_id_token"])
    await database.schema.alterTable("sessions").addColumn(name, "text").execute();
  await database.schema.alterTable("sessions").addColumn("ended_at_ms", "bigint").execute();
  await database.schema
    .createIndex("sessions_subject")
    .on("sessions")
    .columns(["issuer", "subject"])
    .execute();
}

async function createSignIn(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable("identities")
    .addColumn("issuer", "text", (column) => column.notNull())
    .addColumn("subject", "text", (column) => column.notNull())
    .addColumn("person_id", "text", (column) => column.notNull().references("people.id"))
    .addColumn("created_at_ms", "bigint", (column) => column.notNull())
    .addPrimaryKeyConstraint("identities_key", ["issuer", "subject"])
    .addUniqueConstraint("identities_person", ["issuer", "person_id"])
    .execute();
  await database.schema
    .createTable("pending_logins")
    .addColumn("state_hash", "text", (column) => column.primaryKey())
    .addColumn("browser_hash", "text", (column) => column.notNull())
    .addColumn("return_to", "text", (column) => column.notNull())
    .addColumn("expires_at_ms", "bigint", (column) => column.notNull())
    .execute();
  await database.schema
    .createTable("logout_tokens")
    .addColumn("hash", "text", (column) => column.primaryKey())
    .addColumn("expires_at_ms", "bigint", (column) => column.notNull())
    .execute();
}

async function createDeviceLogin(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable("device_logins")
    .addColumn("device_hash", "text", (column) => column.primaryKey())
    .addColumn("user_code_hash", "text", (column) => column.notNull().unique())
    .addColumn("device_name", "text", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("person_id", "text", (column) => column.references("people.id"))
    .addColumn("key_id", "text")
    .addColumn("created_at_ms", "bigint", (column) => column.notNull())
    .addColumn("expires_at_ms", "bigint", (column) => column.notNull())
    .addColumn("interval_ms", "bigint", (column) => column.notNull())
    .addColumn("last_polled_at_ms", "bigint")
    .execute();
  await database.schema
    .createTable("device_code_misses")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("person_id", "text", (column) => column.notNull())
    .addColumn("at_ms", "bigint", (column) => column.notNull())
    .execute();
}

/** Sign-in through an identity provider, and of the command line through the console. */
export const consoleSignIn: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await extendPeopleAndSessions(database);
    await createSignIn(database);
    await createDeviceLogin(database);
  },
};
