import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import { migrate } from "../clickhouse/migrate.ts";
import { type Shipper, type ShipperOptions, startShipper } from "../ship/start-shipper.ts";
import { sampleCall, sampleDecision } from "./events.ts";
import { openTestClickHouse } from "./test-clickhouse.ts";
import { openTestSpool } from "./test-spool.ts";

/** A ClickHouse with the ledger's tables, in a directory of its own. */
export interface TestLedger {
  readonly client: ClickHouseClient;
  close(): Promise<void>;
}

/** So long that the sample events, whose dates are fixed, never expire. */
const RETENTION_DAYS = 20_000;

export async function openTestLedger(path?: string): Promise<TestLedger> {
  const directory = path ?? (await mkdtemp(join(tmpdir(), "weir-ledger-")));
  const clickhouse = await openTestClickHouse(join(directory, "clickhouse"));
  const { client } = clickhouse;
  await migrate(client, {
    retentionDays: RETENTION_DAYS,
    hourRetentionDays: RETENTION_DAYS,
    dayRetentionDays: RETENTION_DAYS,
  });
  return {
    client,
    close: async () => {
      await clickhouse.close();
      if (path === undefined) await rm(directory, { recursive: true, force: true });
    },
  };
}

const ledgerTables = [
  "calls",
  "decisions",
  "admin_log",
  "access_log",
  "content",
  "calls_minute",
  "calls_hour",
  "calls_day",
];

export async function emptyTables(client: ClickHouseClient): Promise<void> {
  for (const table of ledgerTables) await client.command({ query: `TRUNCATE TABLE ${table}` });
}

/** A shipper that ships when told to, not by itself. */
export function testShipper(
  client: ClickHouseClient,
  spoolRoot: string,
  changes: Partial<ShipperOptions> = {},
): Shipper {
  return startShipper({
    spoolRoot,
    client,
    intervalMs: 3_600_000,
    batchRows: 1000,
    batchBytes: 4_194_304,
    now: Date.now,
    random: () => 0.5,
    log: { warn: () => undefined, error: () => undefined },
    ...changes,
  });
}

export async function queryRows<T>(client: ClickHouseClient, query: string): Promise<T[]> {
  const result = await client.query({ query, format: "JSONEachRow" });
  return result.json<T>();
}

/** What is in every table: counts, distinct identifiers and token sums. */
export async function tally(client: ClickHouseClient): Promise<unknown> {
  const [row] = await queryRows(
    client,
    `SELECT
      (SELECT (count(), uniqExact(id), sum(input_uncached)) FROM calls) AS calls,
      (SELECT (count(), uniqExact(id)) FROM decisions) AS decisions,
      (SELECT (sum(calls), sum(input_uncached)) FROM calls_minute) AS minute,
      (SELECT (sum(calls), sum(input_uncached)) FROM calls_hour) AS hour,
      (SELECT (sum(calls), sum(input_uncached)) FROM calls_day) AS day`,
  );
  return row;
}

/** The tally of sample calls and decisions 0 … count - 1, but for the calls of `without`. */
export function expectedTally(calls: number, decisions = 0, without: readonly number[] = []) {
  let tokens = 0;
  for (let index = 0; index < calls; index += 1)
    if (!without.includes(index)) tokens += 100 + index;
  const count = calls - without.length;
  return {
    calls: [count, count, tokens],
    decisions: [decisions, decisions],
    minute: [count, tokens],
    hour: [count, tokens],
    day: [count, tokens],
  };
}

/** Spools sample calls and decisions 0 … count - 1, except that `change` may alter a call. */
export async function fillSpool(
  root: string,
  calls: number,
  decisions = 0,
  change: (index: number) => Parameters<typeof sampleCall>[1] = () => ({}),
): Promise<void> {
  const spool = await openTestSpool(root);
  const appended: Promise<void>[] = [];
  for (let index = 0; index < Math.max(calls, decisions); index += 1) {
    if (index % 1000 === 999) await Promise.all(appended.splice(0));
    if (index < decisions)
      appended.push(spool.append({ type: "decision", event: sampleDecision(index) }));
    if (index < calls)
      appended.push(spool.append({ type: "call", event: sampleCall(index, change(index)) }));
  }
  await Promise.all(appended);
  await spool.close();
}
