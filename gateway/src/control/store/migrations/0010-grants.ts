import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** What people let agents do in their name. */
export const grants: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await database.schema
      .createTable("grants")
      .addColumn("id", "text", (column) => column.primaryKey())
      .addColumn("person_id", "text", (column) => column.notNull())
      .addColumn("agent", "text", (column) => column.notNull())
      .addColumn("scopes", "text", (column) => column.notNull())
      .addColumn("models", "text")
      .addColumn("tools", "text")
      .addColumn("max_hops", "integer", (column) => column.notNull())
      .addColumn("from_ms", "bigint", (column) => column.notNull())
      .addColumn("until_ms", "bigint", (column) => column.notNull())
      .addColumn("created_at_ms", "bigint", (column) => column.notNull())
      .addColumn("revoked_at_ms", "bigint")
      .addColumn("last_used_at_ms", "bigint")
      .execute();
    await database.schema.createIndex("grants_person").on("grants").column("person_id").execute();
  },
};
