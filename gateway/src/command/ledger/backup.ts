import { existsSync } from "node:fs";
import { cp, mkdir, readdir, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { backupOperation } from "../../control/ledger/operations/backup.ts";
import { BackupError, verifyBackup } from "../../ledger/backup/manifest.ts";
import { restoreBackup } from "../../ledger/backup/restore-backup.ts";
import { holdDataDirectory } from "../../supervisor/data-directory.ts";
import { exitCodes, StartFault } from "../../supervisor/fault.ts";
import { loadFor } from "../config-options.ts";
import { type Host, readVersion } from "../host.ts";
import type { LedgerFlags } from "../ledger-command.ts";
import { runOperation } from "./run-operation.ts";
import { size } from "./status.ts";

export interface BackupFlags extends LedgerFlags {
  readonly out?: string;
  readonly withKeys?: boolean;
  readonly yes?: boolean;
}

/** Makes a backup, whether or not Weir runs, and moves it to where it was asked for. */
export async function backupLedger(flags: BackupFlags, host: Host): Promise<void> {
  const config = loadFor(host, flags, false);
  const out = flags.out === undefined ? undefined : resolve(host.cwd, flags.out);
  if (out !== undefined && existsSync(out)) throw fault(`${out} is there already`, "Name another.");
  const request = { withKeys: flags.withKeys === true, weirVersion: readVersion() };
  const done = await runOperation(
    { config, env: host.env },
    backupOperation,
    request,
    ({ doing }) => {
      if (doing !== "finished") host.stderr.write(`${doing}\n`);
    },
  );
  const made = join(config.dataDir, "backups", done.name);
  if (out !== undefined) await move(made, out);
  const folder = out ?? made;
  const { files, bytes, rows, pausedMs } = done;
  host.stdout.write(
    flags.json === true
      ? `${JSON.stringify({ folder, files, bytes, rows, pausedMs })}\n`
      : `${folder}: ${files} files, ${size(bytes)}; nothing was shipped for ${pausedMs} ms\n`,
  );
}

/** Verifies a backup and fills an empty data directory from it. */
export async function restoreLedger(from: string, flags: BackupFlags, host: Host): Promise<void> {
  const { dataDir } = loadFor(host, flags, false);
  const folder = resolve(host.cwd, from);
  if (existsSync(dataDir) && (await readdir(dataDir)).length > 0)
    throw fault(`${dataDir} is not empty`, "Restore into a new one: --data-dir FOLDER.");
  if (flags.yes !== true)
    throw fault(`this fills ${dataDir} with the state in ${folder}`, "Add --yes to do it.");
  try {
    const manifest = await verifyBackup(folder);
    host.stderr.write(`${manifest.files.length} files are as they were at the backup\n`);
    const lock = await holdDataDirectory(dataDir, process.pid);
    try {
      await restoreBackup(folder, manifest, dataDir);
    } finally {
      lock.release();
    }
    const { rows, audit, hasSigningKey } = manifest;
    if (flags.json === true)
      host.stdout.write(`${JSON.stringify({ rows, audit, hasSigningKey })}\n`);
    else host.stdout.write(`restored to ${dataDir}: ${JSON.stringify(rows)}\n`);
  } catch (error) {
    if (!(error instanceof BackupError)) throw error;
    throw fault(error.message, "Take another backup; nothing was restored.", error.code);
  }
}

/** A rename, or to another file system a copy that has its name only once it is whole. */
async function move(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  try {
    await rename(from, to);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EXDEV")) throw error;
    await cp(from, `${to}.partial`, { recursive: true });
    await verifyBackup(`${to}.partial`);
    await rename(`${to}.partial`, to);
    await rm(from, { recursive: true });
  }
}

function fault(cause: string, remedy: string, code = "WEIR_BACKUP"): StartFault {
  return new StartFault({ code, cause, remedy, exitCode: exitCodes.failed });
}
