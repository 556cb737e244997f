import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import type { Logger } from "pino";
import type { Config } from "../../config/schema.ts";
import { migrate } from "../../ledger/clickhouse/migrate.ts";
import { closeClickHouse, clusterOf, openClickHouse } from "../../ledger/clickhouse/open.ts";
import { openPendingNote } from "../../prices/recompute/pending.ts";
import { finishPending } from "../../prices/recompute/write-batch.ts";
import { type RepairLog, repairRollUps } from "../../ledger/rollups/repair.ts";
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

/** How often a batch is held up because the roll-ups of its days cannot be looked at. */
const MAX_REPAIRS = 5;

/** The embedded engine always opens, and takes seconds on a busy machine: then what waits is shipped. */
const EMBEDDED_GRACE_MS = 10_000;
/** A server that takes the connection and says nothing must not hold up the end of the process. */
const SERVER_GRACE_MS = 1_000;

/** The ledger of a configuration, brought up to date and to the end of what had broken off. */
export async function connectLedger({
  config,
  dataDir,
  log,
}: Pick<LedgerConnection, "config" | "dataDir"> & {
  readonly log?: Logger;
}): Promise<ClickHouseClient> {
  const { clickhouseUrl, cluster } = config.ledger;
  const target =
    clickhouseUrl === "" ? { path: join(dataDir, "clickhouse") } : { url: clickhouseUrl, cluster };
  const client = openClickHouse(target);
  try {
    // The embedded tables are Weir's alone: nobody else could bring them up to date.
    if (config.ledger.migrate === "manual" && clickhouseUrl !== "")
      await assertMigrated(client, config.ledger);
    else await migrate(client, config.ledger);
    await finishPending(client, openPendingNote(dataDir), log);
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
    openGraceMs:
      connection.config.ledger.clickhouseUrl === "" ? EMBEDDED_GRACE_MS : SERVER_GRACE_MS,
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
    onRepeated: boundedRepair(client, log),
  });
}

/** Repairs roll-ups; gives up after a few failures, for rows must not wait for them for ever. */
export function boundedRepair(
  client: ClickHouseClient,
  log: RepairLog,
  repair: typeof repairRollUps = repairRollUps,
): (days: readonly string[]) => Promise<void> {
  let failures = 0;
  return async (days) => {
    // Replicas note a token together with its rows, in the roll-ups too.
    if (clusterOf(client) !== undefined) return;
    try {
      await repair(client, days, log);
    } catch (error) {
      failures += 1;
      if (failures < MAX_REPAIRS) throw error;
      log.error(
        { days, err: error },
        "roll-ups could not be compared with their rows: run `weir ledger verify --repair`",
      );
    }
    failures = 0;
  };
}
