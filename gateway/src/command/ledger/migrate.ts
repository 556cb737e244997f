import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import type { Config } from "../../config/schema.ts";
import { overviewOperation } from "../../control/ledger/operations/overview.ts";
import { migrate } from "../../ledger/clickhouse/migrate.ts";
import { closeClickHouse, openClickHouse } from "../../ledger/clickhouse/open.ts";
import { readMigrationState } from "../../ledger/status/read-migrations.ts";
import { holdDataDirectory } from "../../supervisor/data-directory.ts";
import { findRunning } from "../../supervisor/running.ts";
import { loadFor } from "../config-options.ts";
import type { Host } from "../host.ts";
import type { MigrateFlags } from "../ledger-command.ts";
import { runOperation } from "./run-operation.ts";

/** Applies pending migrations, or prints their SQL. A Weir that runs has applied them at its start. */
export async function migrateLedger(flags: MigrateFlags, host: Host): Promise<void> {
  const config = loadFor(host, flags, false);
  mkdirSync(config.dataDir, { recursive: true, mode: 0o700 });
  if ((await findRunning(config.dataDir)) !== null) {
    const { migrations } = await runOperation(config, overviewOperation, {}, () => undefined);
    const { applied, pending } = migrations;
    host.stdout.write(`${applied.length} applied when Weir started, ${pending.length} pending\n`);
    return;
  }
  await withUntouchedLedger(config, async (client) => {
    const { applied, pending } = await readMigrationState(client);
    if (flags.dryRun === true) {
      for (const { version, name, sql } of pending)
        host.stdout.write(`-- migration ${version}: ${name}\n${sql}\n`);
      host.stderr.write(`${applied.length} applied, ${pending.length} pending\n`);
      return;
    }
    const done = await migrate(client, config.ledger);
    host.stdout.write(`${applied.length} were applied before, ${done.length} now\n`);
  });
}

async function withUntouchedLedger(
  { dataDir, ledger: { clickhouseUrl } }: Config,
  work: (client: ClickHouseClient) => Promise<void>,
): Promise<void> {
  const lock = await holdDataDirectory(dataDir, process.pid);
  try {
    const target =
      clickhouseUrl === "" ? { path: join(dataDir, "clickhouse") } : { url: clickhouseUrl };
    const client = openClickHouse(target);
    try {
      await work(client);
    } finally {
      await closeClickHouse(client);
    }
  } finally {
    lock.release();
  }
}
