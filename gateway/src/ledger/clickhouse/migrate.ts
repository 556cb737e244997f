import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import { clusterStatements } from "./cluster/cluster-statements.ts";
import { clusterOf } from "./open.ts";
import { applyRetention, type Retention } from "./retention.ts";
import { runStatement } from "./run-statement.ts";

export interface Migration {
  readonly version: number;
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file. */
  readonly checksum: string;
}

/** The database is not what this version of Weir can go on from. */
export class MigrationError extends Error {
  readonly code = "WEIR_LEDGER_MIGRATION";
}

const DIRECTORY = join(import.meta.dirname, "migrations");
const FILE_NAME = /^(\d{4})_([a-z0-9_]+)\.sql$/;

/** The migrations that come with this version, in order. */
export async function readMigrations(directory = DIRECTORY): Promise<Migration[]> {
  const migrations: Migration[] = [];
  for (const file of (await readdir(directory)).toSorted()) {
    const match = FILE_NAME.exec(file);
    if (match === null) throw new MigrationError(`${file} is not named like a migration`);
    const sql = await readFile(join(directory, file), "utf8");
    const checksum = createHash("sha256").update(sql).digest("hex");
    migrations.push({ version: Number(match[1]), name: match[2] ?? "", sql, checksum });
  }
  return migrations;
}

/**
 * Brings the database to this version's schema and retention. Safe to repeat, also after a
 * crash half way: every statement is idempotent, and a migration counts once all of it is done.
 * @returns the versions that were applied now.
 * @throws MigrationError when an applied migration is unknown here or was changed since.
 */
export async function migrate(
  client: ClickHouseClient,
  retention: Retention,
  migrations?: readonly Migration[],
): Promise<number[]> {
  const known = migrations ?? (await readMigrations());
  await runStatement(client, CREATE_HISTORY);
  const applied = await readApplied(client);
  verifyApplied(applied, known);
  const done: number[] = [];
  for (const migration of known) {
    if (applied.has(migration.version)) continue;
    for (const statement of splitStatements(migration.sql)) await runStatement(client, statement);
    await client.command({
      query: `INSERT INTO schema_migrations (version, name, checksum) SETTINGS async_insert = 0
        SELECT ${migration.version}, '${migration.name}', '${migration.checksum}'`,
    });
    done.push(migration.version);
  }
  await applyRetention(client, retention);
  return done;
}

const CREATE_HISTORY = `CREATE TABLE IF NOT EXISTS schema_migrations
(
    version UInt32 COMMENT 'Number of the migration',
    name String COMMENT 'Name of the migration',
    checksum String COMMENT 'SHA-256 in hex of its file when it was applied',
    applied_at DateTime64(3, 'UTC') DEFAULT now64(3) COMMENT 'When all of it had been applied'
)
ENGINE = MergeTree
ORDER BY version
SETTINGS fsync_after_insert = 1, fsync_part_directory = 1
COMMENT 'Migrations that this database has seen'`;

/** Checksums of the migrations that a database with a history has seen, by version. */
export async function readApplied(client: ClickHouseClient): Promise<Map<number, string>> {
  const result = await client.query({
    query: "SELECT version, any(checksum) AS checksum FROM schema_migrations GROUP BY version",
    format: "JSONEachRow",
  });
  const rows = await result.json<{ version: number; checksum: string }>();
  return new Map(rows.map((row) => [row.version, row.checksum]));
}

/** The statements of a migration, as the client's server or cluster gets them. */
export function statementsFor(client: ClickHouseClient, { sql }: Migration): string[] {
  const cluster = clusterOf(client);
  const statements = splitStatements(sql);
  if (cluster === undefined) return statements;
  return statements.flatMap((statement) => clusterStatements(statement, cluster));
}

/** @throws MigrationError when one that was applied is unknown here, or was changed since. */
export function verifyApplied(
  applied: ReadonlyMap<number, string>,
  known: readonly Migration[],
): void {
  const byVersion = new Map(known.map((migration) => [migration.version, migration]));
  for (const [version, checksum] of applied) {
    const migration = byVersion.get(version);
    if (migration === undefined) {
      throw new MigrationError(
        `The ledger has migration ${version}, which this Weir does not know. Use a newer Weir.`,
      );
    }
    if (migration.checksum !== checksum) {
      throw new MigrationError(
        `Migration ${version} (${migration.name}) was changed after it had been applied. ` +
          "Restore its file, and put the change into a new migration.",
      );
    }
  }
}

/** A statement ends with a semicolon at the end of a line; none of ours has one in a text. */
function splitStatements(sql: string): string[] {
  const statements = sql.split(/;[ \t]*(?:\n|$)/).map((statement) => statement.trim());
  return statements.filter((statement) => statement !== "");
}
