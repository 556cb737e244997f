import type { Kysely } from "kysely";
import type { Migration } from "kysely/migration";

async function createUsers(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable("scim_users")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("person_id", "text", (column) => column.notNull().unique())
    .addColumn("user_name", "text", (column) => column.notNull())
    .addColumn("user_name_key", "text", (column) => column.notNull().unique())
    .addColumn("external_id", "text")
    .addColumn("display_name", "text")
    .addColumn("given_name", "text")
    .addColumn("family_name", "text")
    .addColumn("formatted_name", "text")
    .addColumn("email", "text")
    .addColumn("active", "bigint", (column) => column.notNull())
    .addColumn("manager_ref", "text")
    .addColumn("cost_center", "text")
    .addColumn("version", "bigint", (column) => column.notNull())
    .addColumn("created_at_ms", "bigint", (column) => column.notNull())
    .addColumn("changed_at_ms", "bigint", (column) => column.notNull())
    .execute();
  for (const column of ["external_id", "manager_ref"])
    await database.schema
      .createIndex(`scim_users_${column}`)
      .on("scim_users")
      .column(column)
      .execute();
}

async function createGroups(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable("scim_groups")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("display_name", "text", (column) => column.notNull())
    .addColumn("display_name_key", "text", (column) => column.notNull().unique())
    .addColumn("external_id", "text")
    .addColumn("version", "bigint", (column) => column.notNull())
    .addColumn("created_at_ms", "bigint", (column) => column.notNull())
    .addColumn("changed_at_ms", "bigint", (column) => column.notNull())
    .execute();
  await database.schema
    .createTable("scim_members")
    .addColumn("group_id", "text", (column) => column.notNull().references("scim_groups.id"))
    .addColumn("user_id", "text", (column) => column.notNull().references("scim_users.id"))
    .addPrimaryKeyConstraint("scim_members_key", ["group_id", "user_id"])
    .execute();
  await database.schema
    .createIndex("scim_members_user")
    .on("scim_members")
    .column("user_id")
    .execute();
}

/** Users and groups as an identity provider provisions them, RFC 7643. */
export const scimDirectory: Migration = {
  async up(database: Kysely<unknown>): Promise<void> {
    await createUsers(database);
    await createGroups(database);
  },
};
