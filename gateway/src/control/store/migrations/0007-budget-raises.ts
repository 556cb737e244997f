import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Limits that are higher for a while. Budgets themselves stand in the configuration. */
export const budgetRaises: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await database.schema
      .createTable("budget_raises")
      .addColumn("id", "text", (column) => column.primaryKey())
      .addColumn("budget_id", "text", (column) => column.notNull())
      .addColumn("counted", "text", (column) => column.notNull())
      .addColumn("amount", "bigint", (column) => column.notNull())
      .addColumn("until_ms", "bigint", (column) => column.notNull())
      .addColumn("reason", "text", (column) => column.notNull())
      .addColumn("created_at_ms", "bigint", (column) => column.notNull())
      .execute();
    await database.schema
      .createIndex("budget_raises_until")
      .on("budget_raises")
      .column("until_ms")
      .execute();
  },
};
