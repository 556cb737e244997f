import { rename, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { syncDirectory } from "../spool/sync-directory.ts";
import { letterPath } from "./letter-files.ts";

/** The name that a file of letters gets when it is discarded at this time. */
export function discardedName(spoolId: string, atMs: number): string {
  const stamp = new Date(atMs).toISOString().replaceAll(/[-:.]/g, "");
  return `${spoolId}.discarded-${stamp}.ndjson`;
}

/** Moves a file of letters aside, where nothing retries it. Nothing may be appended meanwhile. */
export async function moveAside(spoolRoot: string, spoolId: string, name: string): Promise<void> {
  const path = letterPath(spoolRoot, spoolId);
  await stat(path);
  await rename(path, join(dirname(path), name));
  await syncDirectory(dirname(path));
}
