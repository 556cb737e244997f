import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import { migrate } from "../../../gateway/src/ledger/clickhouse/migrate.ts";
import { closeClickHouse, openClickHouse } from "../../../gateway/src/ledger/clickhouse/open.ts";
import { startShipper } from "../../../gateway/src/ledger/ship/start-shipper.ts";
import { openSpool } from "../../../gateway/src/ledger/spool/open-spool.ts";
import { appendShipped } from "../../../gateway/src/audit/log/append-shipped.ts";
import { openAuditLog } from "../../../gateway/src/audit/log/audit-log.ts";
import { sampleCall } from "./sample-events.ts";

export interface ShipFigures {
  readonly rows: number;
  readonly rowsPerSecond: number;
  /** Rows a second of the first and of the last tenth: no step may grow with history. */
  readonly firstTenth: number;
  readonly lastTenth: number;
  readonly cpuMicrosPerRow: number;
  readonly bytesPerCall: number;
  readonly bytesPerDecision: number;
  readonly bytesPerRollUpCall: number;
  readonly auditBytesPerDecision: number;
  readonly maxRssMib: number;
}

const spoolOptions = {
  commit: "interval",
  commitIntervalMs: 50,
  segmentBytes: 67_108_864,
  maxSpoolBytes: 107_374_182_400,
  whenFull: "refuse",
} as const;
/** The settings that control ships with. */
const batchRows = 50_000;
const batchBytes = 33_554_432;
const retention = { retentionDays: 20_000, hourRetentionDays: 20_000, dayRetentionDays: 20_000 };

/** Spools calls and their decisions as a proxy does. */
export async function fillSpool(root: string, calls: number): Promise<void> {
  const spool = await openSpool({
    ...spoolOptions,
    directory: join(root, "proxy-0"),
    spoolId: "proxy-0",
    now: Date.now,
  });
  let pending: Promise<void>[] = [];
  for (let index = 0; index < calls; index += 1) {
    const { call, decision } = sampleCall(index);
    pending.push(spool.append({ type: "decision", event: decision }));
    pending.push(spool.append({ type: "call", event: call }));
    if (pending.length >= 2000) {
      await Promise.all(pending);
      pending = [];
    }
  }
  await Promise.all(pending);
  await spool.close();
}

/** Ships a spool into a new embedded ClickHouse by the whole path: checks, audit leaves, roll-ups. */
export async function measureShipping(directory: string): Promise<ShipFigures> {
  const client = openClickHouse({ path: join(directory, "clickhouse") });
  await migrate(client, retention);
  const audit = await openAuditLog({ directory: join(directory, "audit"), now: Date.now });
  const marks: { rows: number; atMs: number }[] = [];
  let rows = 0;
  let maxRss = 0;
  const shipper = startShipper({
    spoolRoot: join(directory, "spool"),
    client,
    intervalMs: 3_600_000,
    batchRows,
    batchBytes,
    now: Date.now,
    log: { warn: console.error, error: console.error },
    audit: { append: (leaves) => appendShipped(audit, leaves) },
    onBatch: (batch) => {
      rows += batch.rows;
      marks.push({ rows, atMs: performance.now() });
      maxRss = Math.max(maxRss, process.memoryUsage.rss());
    },
  });
  const cpu = process.cpuUsage();
  const startedAt = performance.now();
  await shipper.drain();
  const seconds = (performance.now() - startedAt) / 1000;
  const used = process.cpuUsage(cpu);
  await audit.close();
  const auditBytes = await usedBytes(join(directory, "audit"));
  await shipper.stop();
  const figures = {
    rows,
    rowsPerSecond: rows / seconds,
    firstTenth: rateOf([{ rows: 0, atMs: startedAt }, ...marks], 0, 0.1),
    lastTenth: rateOf(marks, 0.9, 1),
    cpuMicrosPerRow: (used.user + used.system) / rows,
    ...(await sizes(client)),
    auditBytesPerDecision: auditBytes / (rows / 2),
    maxRssMib: maxRss / 2 ** 20,
  };
  await closeClickHouse(client);
  return figures;
}

function rateOf(marks: readonly { rows: number; atMs: number }[], from: number, to: number) {
  const total = marks.at(-1)?.rows ?? 0;
  const first = marks.find(({ rows }) => rows >= total * from);
  const last = marks.find(({ rows }) => rows >= total * to);
  if (first === undefined || last === undefined || last.atMs === first.atMs) return Number.NaN;
  return ((last.rows - first.rows) * 1000) / (last.atMs - first.atMs);
}

async function sizes(client: ClickHouseClient) {
  for (const table of ["calls", "decisions", "calls_minute", "calls_hour", "calls_day"])
    await client.command({ query: `OPTIMIZE TABLE ${table} FINAL` });
  const result = await client.query({
    query: `SELECT table, sum(bytes_on_disk) AS bytes, sum(rows) AS rows FROM system.parts
      WHERE active AND database = currentDatabase() GROUP BY table`,
    format: "JSONEachRow",
  });
  const parts = await result.json<{ table: string; bytes: string; rows: string }>();
  const of = (table: string) => parts.find((part) => part.table === table);
  const bytes = (table: string) => Number(of(table)?.bytes ?? 0);
  const calls = Number(of("calls")?.rows ?? 0);
  return {
    bytesPerCall: bytes("calls") / calls,
    bytesPerDecision: bytes("decisions") / Number(of("decisions")?.rows ?? 0),
    bytesPerRollUpCall: (bytes("calls_minute") + bytes("calls_hour") + bytes("calls_day")) / calls,
  };
}

async function usedBytes(directory: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(directory, { withFileTypes: true, recursive: true }))
    if (entry.isFile()) bytes += (await stat(join(entry.parentPath, entry.name))).size;
  return bytes;
}
