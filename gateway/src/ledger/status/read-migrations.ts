import type { ClickHouseClient } from "@clickhouse/client";
import {
  type Migration,
  MigrationError,
  readApplied,
  readMigrations,
  verifyApplied,
} from "../clickhouse/migrate.ts";
import { dueRetention, type Retention } from "../clickhouse/retention.ts";

/** The migrations of this version that a database has seen, and those that it has not. */
export interface MigrationState {
  readonly applied: readonly number[];
  readonly pending: readonly Migration[];
}

/**
 * Reads alone: a database that was never migrated stays as it is.
 * @throws MigrationError when one that was applied is unknown here, or was changed since.
 */
export async function readMigrationState(client: ClickHouseClient): Promise<MigrationState> {
  const known = await readMigrations();
  const history = await client.query({
    query: `SELECT count() > 0 AS is_there FROM system.tables
      WHERE database = currentDatabase() AND name = 'schema_migrations'`,
    format: "JSONEachRow",
  });
  const [row] = await history.json<{ is_there: number | boolean }>();
  if (Number(row?.is_there ?? 0) === 0) return { applied: [], pending: known };
  const seen = await readApplied(client);
  verifyApplied(seen, known);
  return {
    applied: [...seen.keys()].toSorted((one, other) => one - other),
    pending: known.filter(({ version }) => !seen.has(version)),
  };
}

/** Says what to run when anything is pending. Reads alone. @throws MigrationError */
export async function assertMigrated(
  client: ClickHouseClient,
  retention: Retention,
): Promise<void> {
  const { pending } = await readMigrationState(client);
  const names = pending.map(({ version, name }) => `${version} (${name})`);
  // Without their tables nothing can be said of how long they keep their rows.
  const due = names.length > 0 ? [] : await dueRetention(client, retention);
  if (names.length === 0 && due.length === 0) return;
  const what = names.length > 0 ? `migrations ${names.join(", ")}` : "changes of ledger.retention";
  throw new MigrationError(
    `The ledger waits for ${what}, and ledger.migrate is manual. ` +
      "See `weir ledger migrate --dry-run`, then run `weir ledger migrate`; Weir goes on by itself.",
  );
}
