import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Managers and cost centres of people, and since when. */
export const personHistory: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    // One at a time: SQLite adds one column a statement.
    await database.schema.alterTable("people").addColumn("manager_id", "text").execute();
    await database.schema.alterTable("people").addColumn("cost_center", "text").execute();
    await database.schema
      .createTable("person_history")
      .addColumn("person_id", "text", (column) => column.notNull())
      .addColumn("team_id", "text", (column) => column.notNull())
      .addColumn("manager_id", "text")
      .addColumn("cost_center", "text", (column) => column.notNull())
      .addColumn("from_ms", "bigint", (column) => column.notNull())
      .addColumn("until_ms", "bigint")
      .addPrimaryKeyConstraint("person_history_key", ["person_id", "from_ms"])
      .execute();
  },
};
