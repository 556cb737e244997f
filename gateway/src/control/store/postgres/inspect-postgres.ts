import { CamelCasePlugin, Kysely, sql } from "kysely";
import type { StoreSchema } from "../schema.ts";
import { PostgresStoreDialect } from "./postgres-store-dialect.ts";

export interface PostgresReport {
  readonly majorVersion: number;
  /** Whether the user may make tables where they would be made. */
  readonly mayCreate: boolean;
  /** Changes that a control has claimed and not published, by control. */
  readonly abandoned: readonly { readonly controlId: string; readonly changes: number }[];
}

/**
 * Looks at a database without changing it, whether or not it holds a store yet.
 * @throws {ControlError} WEIR_STORE_UNAVAILABLE, with the driver's error as its cause.
 */
export async function inspectPostgres(
  url: string,
  claimedBeforeMs: number,
): Promise<PostgresReport> {
  const database = new Kysely<StoreSchema>({
    dialect: new PostgresStoreDialect(url),
    plugins: [new CamelCasePlugin()],
  });
  try {
    const { rows } = await sql<{ version: number; mayCreate: boolean; hasStore: boolean }>`
      select current_setting('server_version_num')::int / 10000 as version,
        coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) as may_create,
        exists (
          select from information_schema.columns
          where table_schema = current_schema() and table_name = 'admin_log'
            and column_name = 'claimed_by'
        ) as has_store`.execute(database);
    const { version, mayCreate, hasStore } = rows[0] ?? {
      version: 0,
      mayCreate: false,
      hasStore: false,
    };
    const abandoned = hasStore ? await readAbandoned(database, claimedBeforeMs) : [];
    return { majorVersion: version, mayCreate, abandoned };
  } finally {
    await database.destroy();
  }
}

async function readAbandoned(database: Kysely<StoreSchema>, claimedBeforeMs: number) {
  const rows = await database
    .selectFrom("adminLog")
    .select(["claimedBy", (row) => row.fn.countAll<number>().as("changes")])
    .where("publishedAtMs", "is", null)
    .where("claimedBy", "is not", null)
    .where("claimedAtMs", "<", claimedBeforeMs)
    .groupBy("claimedBy")
    .orderBy("claimedBy")
    .limit(100)
    .execute();
  return rows.map(({ claimedBy, changes }) => ({ controlId: claimedBy ?? "", changes }));
}
