import type { Command } from "commander";
import { addDataOptions } from "../config-options.ts";
import type { Host } from "../host.ts";
import type { BackupFlags } from "./backup.ts";
import type { ExportFlags } from "./export.ts";

/** `weir ledger backup|restore|export`, loaded when asked for. */
export function addCopyCommands(ledger: Command, host: Host): void {
  addDataOptions(ledger.command("backup"))
    .description("Copy the whole state, consistent in itself, while Weir goes on")
    .option("--out <folder>", "where to, better on another disk; default backups/ beside the data")
    .option("--with-keys", "also the key that signs tree heads: keep such a backup secret")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExample:\n  weir ledger backup --out /mnt/backup/weir-monday")
    .action(async (flags: BackupFlags) => {
      const { backupLedger } = await import("./backup.ts");
      await backupLedger(flags, host);
    });
  addDataOptions(ledger.command("restore <folder>"))
    .description("Fill an empty data directory from a backup, once every digest is right")
    .option("--yes", "do it")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      "\nExample:\n  weir ledger restore /mnt/backup/weir-monday --data-dir /var/lib/weir --yes",
    )
    .action(async (folder: string, flags: BackupFlags) => {
      const { restoreLedger } = await import("./backup.ts");
      await restoreLedger(folder, flags, host);
    });
  addExportCommand(ledger, host);
}

function addExportCommand(ledger: Command, host: Host): void {
  addDataOptions(ledger.command("export"))
    .description("Write rows to a file; who did, and why, is recorded first")
    .requiredOption("--table <table>", "calls or decisions")
    .requiredOption("--format <format>", "parquet, csv or ndjson")
    .requiredOption("--purpose <text>", "why; it is recorded")
    .option("--from <day>", "first UTC day, for example 2026-11-01")
    .option("--to <day>", "last UTC day")
    .option("--person <id>", "only the rows of this person")
    .option("--all-rows", "also rows that a correction has taken the place of")
    .option("--out <file>", "default weir-<table>.<format>")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      '\nExample:\n  weir ledger export --table calls --format csv --from 2026-11-01 --purpose "bill"',
    )
    .action(async (flags: ExportFlags) => {
      const { exportLedger } = await import("./export.ts");
      await exportLedger(flags, host);
    });
}
