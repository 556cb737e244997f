import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import { readCursor } from "../../ledger/spool/cursor.ts";
import { isSpoolId } from "../../ledger/spool/spool-id.ts";
import type { AuditTable } from "../log/entry.ts";
import { readDeadLetterRows } from "./read-dead-letters.ts";
import { readAuditRows } from "./read-rows.ts";
import { type AuditRow, type RowsReport, verifyRows } from "./verify-rows.ts";

export interface CompareLedgerOptions {
  /** Absolute path of the data directory. */
  readonly dataDir: string;
  readonly client: ClickHouseClient;
  /** Rows before this time may have expired; Unix milliseconds. */
  readonly expiredBeforeMs: (table: AuditTable) => number;
  readonly onProgress?: (rows: number) => void;
}

/** Compares the ledger's rows and dead letters with the audit log of a data directory. */
export async function compareLedger(options: CompareLedgerOptions): Promise<RowsReport> {
  const { dataDir, client } = options;
  const spoolRoot = join(dataDir, "spool");
  // Read before the log is: what is appended from here on counts as on its way.
  const shipped = await readShipped(spoolRoot);
  return verifyRows(join(dataDir, "audit"), allRows(client, spoolRoot), {
    ...options,
    shippedThrough: ({ spoolId, epoch }) => {
      const cursor = shipped.get(spoolId);
      // A spool that is gone, or was started anew, has shipped all that it had.
      return cursor === undefined || cursor.epoch !== epoch ? Infinity : cursor.through;
    },
  });
}

async function* allRows(client: ClickHouseClient, spoolRoot: string): AsyncGenerator<AuditRow> {
  yield* readAuditRows(client);
  yield* readDeadLetterRows(spoolRoot);
}

async function readShipped(spoolRoot: string) {
  const shipped = new Map<string, { epoch: number; through: number }>();
  if (!existsSync(spoolRoot)) return shipped;
  for (const each of await readdir(spoolRoot, { withFileTypes: true })) {
    const spoolId = each.name;
    if (!each.isDirectory() || !isSpoolId(spoolId)) continue;
    const cursor = await readCursor(join(spoolRoot, spoolId));
    if (cursor === null) continue;
    shipped.set(spoolId, { epoch: cursor.epoch, through: cursor.shippedThrough });
  }
  return shipped;
}
