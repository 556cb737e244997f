import type { ClickHouseClient } from "@clickhouse/client";
import { type Migration, readMigrations } from "../clickhouse/migrate.ts";

/** The migrations of this version that a database has seen, and those that it has not. */
export interface MigrationState {
  readonly applied: readonly number[];
  readonly pending: readonly Migration[];
}

/** Reads alone: a database that was never migrated stays as it is. */
export async function readMigrationState(client: ClickHouseClient): Promise<MigrationState> {
  const known = await readMigrations();
  const history = await client.query({
    query: `SELECT count() > 0 AS is_there FROM system.tables
      WHERE database = currentDatabase() AND name = 'schema_migrations'`,
    format: "JSONEachRow",
  });
  const [row] = await history.json<{ is_there: number | boolean }>();
  if (Number(row?.is_there ?? 0) === 0) return { applied: [], pending: known };
  const result = await client.query({
    query: "SELECT DISTINCT version FROM schema_migrations ORDER BY version",
    format: "JSONEachRow",
  });
  const applied = (await result.json<{ version: number }>()).map(({ version }) => version);
  return { applied, pending: known.filter(({ version }) => !applied.includes(version)) };
}
