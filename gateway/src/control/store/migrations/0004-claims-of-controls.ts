import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

/** Several controls fill their own spools from one log: each settles what it has claimed itself. */
export const claimsOfControls: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await database.schema.alterTable("admin_log").addColumn("claimed_by", "text").execute();
  },
};
