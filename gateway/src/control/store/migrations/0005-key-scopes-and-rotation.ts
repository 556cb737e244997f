import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

/** What a key is narrowed to, which key it takes the place of, and when it was last used. */
export const keyScopesAndRotation: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    const { schema } = database;
    // One at a time: SQLite adds one column a statement.
    await schema.alterTable("keys").addColumn("scopes", "text").execute();
    await schema.alterTable("keys").addColumn("models", "text").execute();
    const lineage = schema
      .alterTable("keys")
      .addColumn("lineage_id", "text", (column) => column.notNull().defaultTo(""));
    await lineage.execute();
    await schema.alterTable("keys").addColumn("rotated_from", "text").execute();
    await schema.alterTable("keys").addColumn("last_used_at_ms", "bigint").execute();
    await sql`update keys set lineage_id = id`.execute(database);
    // Two rotations of one key at the same time must not leave two successors.
    const successor = schema.createIndex("keys_rotated_from").on("keys").column("rotated_from");
    await successor.unique().execute();
  },
};
