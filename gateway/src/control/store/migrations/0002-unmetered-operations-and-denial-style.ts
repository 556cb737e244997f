import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** What teams may use unmetered, and how a key is told of a denial. */
export const unmeteredOperationsAndDenialStyle: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await database.schema
      .alterTable("teams")
      .addColumn("unmetered_operations", "text", (column) => column.notNull().defaultTo("[]"))
      .execute();
    await database.schema
      .alterTable("keys")
      .addColumn("denial_style", "text", (column) => column.notNull().defaultTo("error"))
      .execute();
  },
};
