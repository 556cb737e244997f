import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import { syncDirectory } from "../../ledger/spool/sync-directory.ts";

/** Makes the folder, readable by its owner alone, and its place in its parent durable. */
export async function makeDirectory(directory: string): Promise<void> {
  const made = await mkdir(directory, { recursive: true, mode: 0o700 });
  if (made !== undefined) await syncDirectory(dirname(made));
}
