import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import type { Config } from "../../config/schema.ts";
import { overviewOperation } from "../../control/ledger/operations/overview.ts";
import { migrate, statementsFor } from "../../ledger/clickhouse/migrate.ts";
import { closeClickHouse, openClickHouse } from "../../ledger/clickhouse/open.ts";
import { dueRetention } from "../../ledger/clickhouse/retention.ts";
import { type MigrationState, readMigrationState } from "../../ledger/status/read-migrations.ts";
import { holdDataDirectory } from "../../supervisor/data-directory.ts";
import { findRunning } from "../../supervisor/running.ts";
import { loadFor } from "../config-options.ts";
import type { Host } from "../host.ts";
import type { MigrateFlags } from "../ledger-command.ts";
import { runOperation } from "./run-operation.ts";

/** Pending migrations and changes of retention. */
interface Changes extends MigrationState {
  readonly retention: readonly string[];
}

/**
 * Applies what is pending, or prints its SQL. A Weir that runs has the embedded ClickHouse open, and
 * has brought it up to date; a server is brought up to date whoever else is connected.
 */
export async function migrateLedger(flags: MigrateFlags, host: Host): Promise<void> {
  const config = loadFor(host, flags, false);
  const isEmbedded = config.ledger.clickhouseUrl === "";
  if (isEmbedded && (await findRunning(config.dataDir)) !== null)
    return reportRunning(config, flags, host);
  await withLedger(config, async (client) => {
    const changes: Changes = {
      ...(await readMigrationState(client)),
      retention: await dueRetention(client, config.ledger),
    };
    if (flags.dryRun === true) return printSql(client, changes, flags, host);
    const done = await migrate(client, config.ledger);
    report(changes, done, flags, host);
  });
}

/** Applies nothing: Weir did so when it started. */
async function reportRunning(config: Config, flags: MigrateFlags, host: Host): Promise<void> {
  const { migrations } = await runOperation(
    { config, env: host.env },
    overviewOperation,
    {},
    () => undefined,
  );
  const { applied, pending } = migrations;
  host.stdout.write(
    flags.json === true
      ? `${JSON.stringify({ applied: [], retention: [], before: applied, pending })}\n`
      : `${applied.length} applied when Weir started, ${pending.length} pending\n`,
  );
}

function printSql(
  client: ClickHouseClient,
  { applied, pending, retention }: Changes,
  flags: MigrateFlags,
  host: Host,
): void {
  if (flags.json === true) {
    const sql = pending.map((migration) => ({
      version: migration.version,
      name: migration.name,
      statements: statementsFor(client, migration),
    }));
    host.stdout.write(`${JSON.stringify({ before: applied, pending: sql, retention })}\n`);
    return;
  }
  for (const migration of pending) {
    const { version, name } = migration;
    const sql = statementsFor(client, migration).map((statement) => `${statement};\n`);
    host.stdout.write(`-- migration ${version}: ${name}\n${sql.join("\n")}\n`);
  }
  for (const statement of retention) host.stdout.write(`${statement};\n`);
  host.stderr.write(`${applied.length} applied, ${pending.length} pending\n`);
}

function report(changes: Changes, done: readonly number[], flags: MigrateFlags, host: Host): void {
  const { applied: before, retention } = changes;
  const applied = changes.pending.filter(({ version }) => done.includes(version));
  if (flags.json === true) {
    const names = applied.map(({ version, name }) => ({ version, name }));
    host.stdout.write(`${JSON.stringify({ before, applied: names, retention })}\n`);
    return;
  }
  for (const { version, name } of applied) host.stdout.write(`applied ${version} ${name}\n`);
  for (const statement of retention) host.stdout.write(`applied ${statement}\n`);
  host.stdout.write(`${before.length} were applied before, ${done.length} now\n`);
}

async function withLedger(
  { dataDir, ledger: { clickhouseUrl, cluster } }: Config,
  work: (client: ClickHouseClient) => Promise<void>,
): Promise<void> {
  if (clickhouseUrl !== "") return withClient({ url: clickhouseUrl, cluster }, work);
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const lock = await holdDataDirectory(dataDir, process.pid);
  try {
    await withClient({ path: join(dataDir, "clickhouse") }, work);
  } finally {
    lock.release();
  }
}

async function withClient(
  target: Parameters<typeof openClickHouse>[0],
  work: (client: ClickHouseClient) => Promise<void>,
): Promise<void> {
  const client = openClickHouse(target);
  try {
    await work(client);
  } finally {
    await closeClickHouse(client);
  }
}
