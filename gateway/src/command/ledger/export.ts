import { chmodSync, existsSync } from "node:fs";
import { copyFile, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { exportOperation } from "../../control/ledger/operations/export.ts";
import { exportFormats, exportTables } from "../../ledger/export/export-query.ts";
import { exitCodes, StartFault } from "../../supervisor/fault.ts";
import { loadFor } from "../config-options.ts";
import type { Host } from "../host.ts";
import type { LedgerFlags } from "../ledger-command.ts";
import { runOperation } from "./run-operation.ts";
import { size } from "./status.ts";

export interface ExportFlags extends LedgerFlags {
  readonly table: string;
  readonly format: string;
  readonly from?: string;
  readonly to?: string;
  readonly person?: string;
  readonly purpose: string;
  readonly allRows?: boolean;
  readonly out?: string;
}

/** Writes rows to a file; who did, and why, is recorded first. */
export async function exportLedger(flags: ExportFlags, host: Host): Promise<void> {
  const config = loadFor(host, flags, false);
  const table = exportTables.find((name) => name === flags.table);
  const format = exportFormats.find((name) => name === flags.format);
  if (table === undefined) throw usage(`--table is one of ${exportTables.join(", ")}`);
  if (format === undefined) throw usage(`--format is one of ${exportFormats.join(", ")}`);
  const out = resolve(host.cwd, flags.out ?? `weir-${table}.${format}`);
  if (existsSync(out)) throw usage(`${out} is there already; name another with --out`);
  const request = {
    table,
    format,
    from: dayOf(flags.from ?? "1970-01-01"),
    to: dayOf(flags.to ?? "2299-12-31"),
    person: flags.person ?? "",
    allRows: flags.allRows === true,
    purpose: flags.purpose,
  };
  const done = await runOperation({ config, env: host.env }, exportOperation, request, (step) => {
    if (!step.finished)
      host.stderr.write(`${step.daysDone} of ${step.days} days, ${size(step.bytes)}\n`);
  });
  await move(join(config.dataDir, "exports", done.name), out);
  const { days, bytes } = done;
  host.stdout.write(
    flags.json === true
      ? `${JSON.stringify({ file: out, days, bytes })}\n`
      : `${out}: ${days} days, ${size(bytes)}\n`,
  );
}

function dayOf(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text)))
    return text.replaceAll("-", "");
  throw usage(`${text} is no UTC day like 2026-11-23`);
}

async function move(from: string, to: string): Promise<void> {
  chmodSync(from, 0o600);
  try {
    await rename(from, to);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EXDEV")) throw error;
    await copyFile(from, to);
    await rm(from);
  }
}

function usage(cause: string): StartFault {
  const remedy = "See `weir ledger export --help`.";
  return new StartFault({ code: "WEIR_USAGE", cause, remedy, exitCode: exitCodes.usage });
}
