import { existsSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { syncDirectory } from "../spool/sync-directory.ts";
import { countInBytes } from "./person-text.ts";

/**
 * Removes the snapshots that proxies keep for a start without control, if they name the person. A
 * proxy that runs has written a newer one.
 */
export async function removeKeptSnapshots(dataDir: string, personId: string): Promise<void> {
  const directory = join(dataDir, "snapshot");
  if (!existsSync(directory)) return;
  const names = await readdir(directory);
  for (const name of names.filter((each) => each.endsWith(".json"))) {
    const path = join(directory, name);
    if (countInBytes(await readFile(path), personId) > 0) await rm(path, { force: true });
  }
  await syncDirectory(directory);
}
