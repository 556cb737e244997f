import {
  type LedgerOverview,
  overviewOperation,
} from "../../control/ledger/operations/overview.ts";
import { loadFor } from "../config-options.ts";
import type { Host } from "../host.ts";
import type { LedgerFlags } from "../ledger-command.ts";
import { tableText } from "../prices/table-text.ts";
import { runOperation } from "./run-operation.ts";

/** Of a time as ClickHouse writes it, without what comes after its seconds. */
const SECONDS = 19;

/** Prints how the ledger is: tables, spools, dead letters, room. */
export async function ledgerStatus(flags: LedgerFlags, host: Host): Promise<void> {
  const config = loadFor(host, flags, false);
  const overview = await runOperation(
    { config, env: host.env },
    overviewOperation,
    {},
    () => undefined,
  );
  host.stdout.write(flags.json === true ? `${JSON.stringify(overview)}\n` : textOf(overview));
}

function textOf(overview: LedgerOverview): string {
  const { clickhouse, migrations, deadLetters, deadLetterFiles } = overview;
  const pending = migrations.pending.length === 0 ? "none" : migrations.pending.join(", ");
  const corrupt = deadLetterFiles.filter(({ kind }) => kind === "corrupt").length;
  return [
    `ClickHouse    ${clickhouse.version}, ${clickhouse.isEmbedded ? "embedded" : "a server"}\n`,
    `migrations    ${migrations.applied.length} applied, pending: ${pending}\n`,
    `dead letters  ${deadLetters} rows, ${corrupt} files of damaged segments\n`,
    `disk          ${size(overview.diskFreeBytes)} free of ${size(overview.diskBytes)}\n\n`,
    tablesText(overview),
    "\n",
    spoolsText(overview),
  ].join("");
}

function tablesText({ tables }: LedgerOverview): string {
  const head = ["table", "rows", "on disk", "bytes/row", "parts", "oldest", "newest", "kept"];
  const rows = tables.map((table) => [
    table.table,
    table.rows.toLocaleString("en-US"),
    size(table.bytesOnDisk),
    table.bytesPerRow === null ? "-" : String(table.bytesPerRow),
    String(table.parts),
    table.oldestRow.slice(0, SECONDS),
    table.newestRow.slice(0, SECONDS),
    table.retentionDays === null ? "for ever" : `${table.retentionDays} days`,
  ]);
  return tableText([head, ...rows], [false, true, true, true, true, false, false, false]);
}

function spoolsText({ spools, atMs }: LedgerOverview): string {
  const head = ["spool", "shipped rows", "dead", "segments", "on disk", "waits", "rows", "for"];
  const rows = spools.map((spool) => [
    spool.spoolId,
    spool.shippedRows.toLocaleString("en-US"),
    String(spool.deadRows),
    String(spool.segments),
    size(spool.bytes),
    size(spool.lagBytes),
    spool.lagRows.toLocaleString("en-US"),
    spool.oldestWaitingAtMs === null ? "-" : age(atMs - spool.oldestWaitingAtMs),
  ]);
  return tableText([head, ...rows], [false, true, true, true, true, true, true, true]);
}

/** `3 s`, `4 min`, `5 h`, `6 d` */
function age(ageMs: number): string {
  const seconds = Math.max(0, Math.round(ageMs / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86_400)} d`;
}

/** `12.3 MiB` */
export function size(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  const power = bytes < 1024 ? 0 : Math.min(4, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${units[power] ?? ""}`;
}
