import { Readable } from "node:stream";
import { type ClickHouseClient, drainStream } from "@clickhouse/client";
import { clusterOf, isEmbedded } from "../../ledger/clickhouse/open.ts";
import { type RepairLog, repairRollUps } from "../../ledger/rollups/repair.ts";
import type { Correction } from "./correction.ts";
import type { PendingBatch, PendingNote } from "./pending.ts";

type Row = Record<string, unknown>;

const silent: RepairLog = { warn: () => undefined, error: () => undefined };

/** ClickHouse took a batch and does not have its rows; nothing is lost, the note of it is kept. */
export class CorrectionsNotKeptError extends Error {
  readonly code = "WEIR_RECOMPUTE_NOT_KEPT";

  constructor() {
    super("ClickHouse did not keep a batch of corrections. Run the command once more.");
    this.name = "CorrectionsNotKeptError";
  }
}

/**
 * Writes a batch of corrections: the note of it first, then one INSERT that is all or nothing.
 * Whatever breaks off in between, {@link finishPending} brings it to its end.
 * @throws CorrectionsNotKeptError
 */
export async function writeBatch(
  client: ClickHouseClient,
  note: PendingNote,
  batch: PendingBatch,
): Promise<void> {
  await note.write(batch);
  await settle(client, note, batch);
}

/**
 * Brings a batch that was under way when its process ended to its end, exactly once. Has to run
 * before the ledger takes other rows: ClickHouse remembers a limited number of tokens. The roll-ups
 * of its day are compared with their rows, and made anew where they differ.
 * @returns whether there was one.
 * @throws CorrectionsNotKeptError
 */
export async function finishPending(
  client: ClickHouseClient,
  note: PendingNote,
  log: RepairLog = silent,
): Promise<boolean> {
  const batch = await note.read();
  if (batch === null) return false;
  // An embedded engine that was killed may know the token and yet have lost the rows; they cannot
  // turn up later, so that another token is safe. With the rows there, the same token fills in
  // roll-ups that had missed them.
  const isLost = isEmbedded(client) && (await countWritten(client, batch)) === 0;
  if (isLost) await writeBatch(client, note, { ...batch, attempt: batch.attempt + 1 });
  else await settle(client, note, batch);
  // Replicas note a token together with its rows, in the roll-ups too.
  if (clusterOf(client) === undefined) await repairRollUps(client, [batch.partition], log);
  return true;
}

async function settle(
  client: ClickHouseClient,
  note: PendingNote,
  batch: PendingBatch,
): Promise<void> {
  const rows = await correctedRows(client, batch);
  // None: the originals have passed their retention meanwhile.
  if (rows.length > 0) {
    await insert(client, batch, rows);
    if ((await countWritten(client, batch)) < rows.length) throw new CorrectionsNotKeptError();
  }
  await note.clear();
}

async function countWritten(
  client: ClickHouseClient,
  { partition, corrections }: PendingBatch,
): Promise<number> {
  const result = await client.query({
    query: `SELECT count() AS rows FROM calls
      WHERE toYYYYMMDD(started_at) = {partition:UInt32} AND id IN {ids:Array(String)}`,
    query_params: { partition: Number(partition), ids: corrections.map(({ id }) => id) },
    format: "JSONEachRow",
  });
  const [row] = await result.json<{ rows: number | string }>();
  return Number(row?.rows ?? 0);
}

async function insert(
  client: ClickHouseClient,
  { token, attempt }: PendingBatch,
  rows: readonly Row[],
): Promise<void> {
  const columns = Object.keys(rows[0] ?? {}).join(", ");
  // Settings stand in the statement, for the embedded engine would keep them for later queries.
  const query = `INSERT INTO calls (${columns}) SETTINGS
    insert_deduplication_token = '${attempt === 0 ? token : `${token}~${attempt}`}',
    insert_deduplicate = 1,
    deduplicate_blocks_in_dependent_materialized_views = 1,
    async_insert = 0,
    input_format_parallel_parsing = 0,
    input_format_null_as_default = 0
    FORMAT JSONCompactEachRow`;
  const body = rows.map((row) => JSON.stringify(Object.values(row))).join("\n");
  const result = await client.exec({
    query,
    values: Readable.from([body], { objectMode: false }),
    clickhouse_settings: { wait_end_of_query: 1 },
  });
  await drainStream(result.stream);
}

/** The rows that are superseded, as they are but for their price and place, in the batch's order. */
async function correctedRows(client: ClickHouseClient, batch: PendingBatch): Promise<Row[]> {
  const byOld = new Map(batch.corrections.map((each) => [each.supersedes, each]));
  const result = await client.query({
    query: `SELECT * FROM calls
      WHERE toYYYYMMDD(started_at) = {partition:UInt32} AND id IN {ids:Array(String)}
      ORDER BY person_id, started_at, id
      SETTINGS output_format_json_quote_64bit_integers = 1, output_format_json_quote_decimals = 1`,
    query_params: { partition: Number(batch.partition), ids: [...byOld.keys()] },
    format: "JSONEachRow",
  });
  return (await result.json<Row>()).flatMap((row) => {
    const correction = byOld.get(String(row["id"]));
    return correction === undefined ? [] : [corrected(row, correction)];
  });
}

function corrected(row: Row, correction: Correction): Row {
  return {
    ...row,
    id: correction.id,
    supersedes: correction.supersedes,
    cost_micro_usd: correction.microUsd,
    cost_status: correction.status,
    price_version: correction.priceVersion,
    superseded_cost_micro_usd: row["cost_micro_usd"],
    superseded_cost_status: row["cost_status"],
    // Not from a spool: the shipper counts what it has shipped by these.
    spool_id: "",
    spool_epoch: 0,
    spool_sequence: 0,
  };
}
