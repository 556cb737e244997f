import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Keys for tokens of Weir's own, which all controls on one store share. */
export const signingKeys: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await database.schema
      .createTable("signing_keys")
      .addColumn("id", "text", (column) => column.primaryKey())
      .addColumn("public_key", "text", (column) => column.notNull())
      .addColumn("sealed_private_key", "text", (column) => column.notNull())
      .addColumn("created_at_ms", "bigint", (column) => column.notNull())
      .execute();
  },
};
