import { accessSync, constants, existsSync, statfsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { bad, type DoctorFinding, good } from "./finding.ts";

const ENOUGH_BYTES = 2 * 1024 ** 3;

/** Whether the directory, or the one in which it will be made, can be written and has room. */
export function checkDataDirectory(directory: string): DoctorFinding[] {
  const existing = nearestExisting(directory);
  return [checkAccess(directory, existing), checkRoom(existing)];
}

function checkAccess(directory: string, existing: string): DoctorFinding {
  const remedy = "Make it a directory that this user may write, or choose another with --data-dir.";
  try {
    accessSync(existing, constants.R_OK | constants.W_OK | constants.X_OK);
    if (!statSync(existing).isDirectory()) throw new Error("not a directory");
  } catch {
    return bad("data directory", `${existing} cannot be used`, remedy);
  }
  const state = existing === directory ? "can be written" : "will be made";
  return good("data directory", `${directory} ${state}`);
}

function checkRoom(existing: string): DoctorFinding {
  const { bavail, bsize } = statfsSync(existing);
  const bytes = bavail * bsize;
  const text = `${(bytes / 1024 ** 3).toFixed(1)} GiB free`;
  if (bytes >= ENOUGH_BYTES) return good("disk", text);
  return bad("disk", text, "Make room: the spool alone may take 1 GiB (ledger.maxSpoolBytes).");
}

function nearestExisting(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearestExisting(dirname(path));
}
