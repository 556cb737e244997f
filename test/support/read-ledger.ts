/** Reads a stopped Weir's embedded ledger: stopping ships everything, so nothing is on its way. */
import { join } from "node:path";
import { closeClickHouse, openClickHouse } from "../../gateway/src/ledger/clickhouse/open.ts";

/** A row as ClickHouse gives it; 64-bit integers are numbers here. */
export type LedgerRow = Readonly<Record<string, unknown>>;

export interface LedgerRows {
  readonly calls: readonly LedgerRow[];
  readonly decisions: readonly LedgerRow[];
}

/** All rows, oldest first. */
export async function readLedger(dataDir: string): Promise<LedgerRows> {
  return withReader(dataDir, async (read) => ({
    calls: await read("SELECT * FROM calls ORDER BY started_at, id"),
    decisions: await read("SELECT * FROM decisions ORDER BY decided_at, id"),
  }));
}

export interface AdminRows {
  readonly admin: readonly LedgerRow[];
  readonly accesses: readonly LedgerRow[];
  /** How many. */
  readonly decisions: number;
}

/** All changes and accesses, oldest first. */
export async function readAdminTables(dataDir: string): Promise<AdminRows> {
  return withReader(dataDir, async (read) => ({
    admin: await read("SELECT * FROM admin_log ORDER BY spool_epoch, spool_sequence"),
    accesses: await read("SELECT * FROM access_log ORDER BY spool_epoch, spool_sequence"),
    decisions: (await read("SELECT 1 FROM decisions")).length,
  }));
}

type Read = (query: string) => Promise<LedgerRow[]>;

async function withReader<T>(dataDir: string, work: (read: Read) => Promise<T>): Promise<T> {
  const client = openClickHouse({ path: join(dataDir, "clickhouse") });
  try {
    return await work(async (query) => {
      const settings = { output_format_json_quote_64bit_integers: 0 } as const;
      const result = await client.query({
        query,
        format: "JSONEachRow",
        clickhouse_settings: settings,
      });
      return result.json<LedgerRow>();
    });
  } finally {
    await closeClickHouse(client);
  }
}

/** The token classes of a `calls` row, by the names of the contract. */
export function tokensOf(row: LedgerRow): Record<string, unknown> {
  return {
    inputUncached: row["input_uncached"],
    cacheRead: row["cache_read"],
    cacheWrite5m: row["cache_write_5m"],
    cacheWrite1h: row["cache_write_1h"],
    outputVisible: row["output_visible"],
    outputReasoning: row["output_reasoning"],
    toolUsePrompt: row["tool_use_prompt"],
    audioIn: row["audio_in"],
    audioOut: row["audio_out"],
  };
}
