import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Stops and what ends them: two kinds of facts, neither of which is ever changed. */
export const stops: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await database.schema
      .createTable("stops")
      .addColumn("id", "text", (column) => column.primaryKey())
      .addColumn("kind", "text", (column) => column.notNull())
      .addColumn("target", "text", (column) => column.notNull())
      .addColumn("owner_id", "text")
      .addColumn("reason", "text", (column) => column.notNull())
      .addColumn("set_by", "text", (column) => column.notNull())
      .addColumn("set_at_ms", "bigint", (column) => column.notNull())
      .execute();
    await database.schema
      .createTable("stop_lifts")
      // One a stop: of two that lift it at once only one does.
      .addColumn("stop_id", "text", (column) => column.primaryKey().references("stops.id"))
      .addColumn("reason", "text", (column) => column.notNull())
      .addColumn("lifted_by", "text", (column) => column.notNull())
      .addColumn("lifted_at_ms", "bigint", (column) => column.notNull())
      .execute();
    await database.schema.createIndex("stops_owner").on("stops").column("owner_id").execute();
  },
};
