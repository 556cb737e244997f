import { chmodSync, mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { type HeldLock, holdLock, LockedError } from "../ledger/lock/hold-lock.ts";
import { exitCodes, StartFault } from "./fault.ts";
import { readRunning, writeRunning } from "./running.ts";

/**
 * Creates the data directory, readable by its owner alone, and holds it for the life of this
 * process: the kernel lets go of the lock however the process ends.
 *
 * @throws StartFault when another Weir holds it, or it cannot be used.
 */
export async function holdDataDirectory(directory: string, pid: number): Promise<HeldLock> {
  const lock = await prepare(directory);
  writeRunning(directory, { pid, gateway: "", console: "", metrics: "" });
  return lock;
}

async function prepare(directory: string): Promise<HeldLock> {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    // One that others can read is closed to them: it holds keys and everybody's usage.
    if ((statSync(directory).mode & 0o077) !== 0) chmodSync(directory, 0o700);
    return await holdLock(join(directory, "lock.db"), "The data directory");
  } catch (error) {
    if (error instanceof LockedError) throw inUse(directory, error);
    throw new StartFault(
      {
        code: "WEIR_DATA_DIR_UNUSABLE",
        cause: `the data directory ${directory} cannot be used (${reasonOf(error)})`,
        remedy: "Make it writable for this user, or choose another with --data-dir.",
        exitCode: exitCodes.dataDirectoryUnusable,
      },
      { cause: error },
    );
  }
}

function inUse(directory: string, error: LockedError): StartFault {
  const running = readRunning(directory);
  const who = running === null ? "another Weir" : `another Weir, process ${running.pid}`;
  return new StartFault(
    {
      code: "WEIR_DATA_DIR_IN_USE",
      cause: `the data directory ${directory} is in use by ${who}`,
      remedy: "Stop that one, or choose another directory with --data-dir.",
      exitCode: exitCodes.dataDirectoryInUse,
    },
    { cause: error },
  );
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error && typeof error.code === "string" ? error.code : error.message;
}
