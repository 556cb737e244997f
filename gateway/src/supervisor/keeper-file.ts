import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { Value } from "typebox/value";
import { SpentCounters } from "../contracts/budget.ts";
import type { KnownSpend } from "./follow-ledger.ts";

/** What was spent when it was last written; nothing when there is no file, or none that is whole. */
export async function readKeeperFile(path: string): Promise<readonly KnownSpend[]> {
  try {
    return Value.Parse(SpentCounters, JSON.parse(await readFile(path, "utf8"))).counters;
  } catch {
    return [];
  }
}

/** Written aside and put in place: a process killed on the way leaves the last one whole. */
export async function writeKeeperFile(
  path: string,
  counters: readonly KnownSpend[],
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(`${path}.new`, JSON.stringify({ counters }), { mode: 0o600 });
  await rename(`${path}.new`, path);
}
