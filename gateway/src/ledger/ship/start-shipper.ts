import { mkdirSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import type { insertLines } from "../clickhouse/insert-lines.ts";
import { LockedError, tryLock } from "../lock/hold-lock.ts";
import type { AuditLeaf } from "./audit-leaves.ts";
import { Shipping } from "./shipping.ts";
import type { ShipperStatus } from "./status.ts";

export type { ShipperStatus, SpoolShipStatus } from "./status.ts";

/** A batch that has just been shipped: sequences `[first, last]` of a spool. */
export interface ShippedBatch {
  readonly spoolId: string;
  readonly first: number;
  readonly last: number;
  /** Rows in ClickHouse, and rows among the dead letters. */
  readonly rows: number;
  readonly dead: number;
}

/** The two levels that the shipper logs at; pino's loggers fit. */
export interface ShipperLog {
  warn: (fields: object, message: string) => void;
  error: (fields: object, message: string) => void;
}

export interface ShipperOptions {
  readonly spoolRoot: string;
  readonly client: ClickHouseClient;
  /** Pause between looks at the spools. */
  readonly intervalMs: number;
  readonly batchRows: number;
  readonly batchBytes: number;
  readonly now: () => number;
  /** In [0, 1); spreads retries. Default `Math.random`. */
  readonly random?: () => number;
  readonly log: ShipperLog;
  /** Replaced by tests that make ClickHouse fail. */
  readonly insert?: typeof insertLines;
  readonly onBatch?: (batch: ShippedBatch) => void;
  /** Where leaves go, durably, before their rows are inserted; one that it has already it leaves out. */
  readonly audit?: { append: (leaves: readonly AuditLeaf[]) => Promise<unknown> };
  /** Told the UTC days of a batch that had to be repeated, before the next one is begun. */
  readonly onRepeated?: (days: readonly string[]) => Promise<void>;
}

export interface Shipper {
  /**
   * Ships everything that is in the spools now, whatever back-off is on.
   * @throws the first failure, after all spools have had their turn.
   */
  drain(): Promise<void>;
  /** Does the work between two rounds; meanwhile nothing is shipped. */
  whilePaused<T>(work: () => Promise<T>): Promise<T>;
  status(): ShipperStatus;
  /** Ends after the batch under way, and lets go of the spools. What is left ships next time. */
  stop(): Promise<void>;
}

/**
 * Ships all spools under a root to ClickHouse, every row exactly once. One shipper to a root.
 * @throws LockedError when another process ships this root.
 */
export function startShipper(options: ShipperOptions): Shipper {
  mkdirSync(options.spoolRoot, { recursive: true, mode: 0o700 });
  const path = join(options.spoolRoot, "shipper.lock");
  const lock = tryLock(path);
  if (lock === undefined) throw new LockedError(path, "The spool");
  const shipping = new Shipping(options, () => listSpools(options.spoolRoot));
  shipping.start();
  return {
    drain: () => shipping.drain(),
    whilePaused: (work) => shipping.whilePaused(work),
    status: () => shipping.status(),
    stop: async () => {
      await shipping.stop();
      lock.release();
    },
  };
}

async function listSpools(spoolRoot: string): Promise<string[]> {
  const entries = await readdir(spoolRoot, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
}
