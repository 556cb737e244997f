import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import type { Logger } from "pino";
import type { Config } from "../../config/schema.ts";
import { migrate } from "../../ledger/clickhouse/migrate.ts";
import { closeClickHouse, clusterOf, openClickHouse } from "../../ledger/clickhouse/open.ts";
import { openPendingNote } from "../../prices/recompute/pending.ts";
import { finishPending } from "../../prices/recompute/write-batch.ts";
import { repairRollUps } from "../../ledger/rollups/repair.ts";
import {
  type Shipper,
  type ShipperOptions,
  startShipper,
} from "../../ledger/ship/start-shipper.ts";
import { assertMigrated } from "../../ledger/status/read-migrations.ts";
import { LedgerLink } from "./link.ts";

export interface LedgerConnection {
  readonly config: Config;
  readonly dataDir: string;
  readonly now: () => number;
  readonly log: Logger;
  /** Where the rows that are audited become leaves before they are shipped. */
  readonly audit: NonNullable<ShipperOptions["audit"]>;
}

const batchRows = 50_000;
const batchBytes = 32 * 1024 * 1024;

/** The ledger of a configuration, brought up to date and to the end of what had broken off. */
export async function connectLedger({
  config,
  dataDir,
}: Pick<LedgerConnection, "config" | "dataDir">): Promise<ClickHouseClient> {
  const { clickhouseUrl, cluster } = config.ledger;
  const target =
    clickhouseUrl === "" ? { path: join(dataDir, "clickhouse") } : { url: clickhouseUrl, cluster };
  const client = openClickHouse(target);
  try {
    // The embedded tables are Weir's alone: nobody else could bring them up to date.
    if (config.ledger.migrate === "manual" && clickhouseUrl !== "")
      await assertMigrated(client, config.ledger);
    else await migrate(client, config.ledger);
    await finishPending(client, openPendingNote(dataDir));
    return client;
  } catch (error) {
    await closeClickHouse(client);
    throw error;
  }
}

/** The ledger of this configuration: embedded in the data directory, or a server. */
export function createLedgerLink(connection: LedgerConnection): LedgerLink {
  return new LedgerLink({
    open: () => connectLedger(connection),
    startShipper: (client) => startLedgerShipper(connection, client),
    disconnect: closeClickHouse,
    log: connection.log,
  });
}

/** Ships the spools of a data directory. @throws LockedError when another process does already. */
export function startLedgerShipper(
  { config, dataDir, now, log, audit }: LedgerConnection,
  client: ClickHouseClient,
): Shipper {
  return startShipper({
    spoolRoot: join(dataDir, "spool"),
    client,
    intervalMs: config.ledger.shipIntervalMs,
    batchRows,
    batchBytes,
    now,
    log,
    audit,
    onRepeated: async (days) => {
      // Replicas note a token together with its rows, in the roll-ups too.
      if (clusterOf(client) === undefined) await repairRollUps(client, days, log);
    },
  });
}
