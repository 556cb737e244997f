import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { Value } from "typebox/value";
import type { DigestedSpend } from "../budget/keeper.ts";
import { SpentCounters } from "../contracts/budget.ts";

/** What was spent when it was last written; nothing when there is no file, or none that is whole. */
export async function readKeeperFile(path: string): Promise<readonly DigestedSpend[]> {
  try {
    const { counters } = Value.Parse(SpentCounters, JSON.parse(await readFile(path, "utf8")));
    return counters.map(({ key, ...rest }) => Object.assign(rest, { digest: key }));
  } catch {
    return [];
  }
}

/**
 * Written aside and put in place: a process killed on the way leaves the last one whole. Counters
 * are named by digest alone, so that nobody's name stays in the file.
 */
export async function writeKeeperFile(
  path: string,
  spent: readonly DigestedSpend[],
): Promise<void> {
  const counters = spent.map(({ digest, ...rest }) => Object.assign(rest, { key: digest }));
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await writeFile(`${path}.new`, JSON.stringify({ counters }), { mode: 0o600 });
  await rename(`${path}.new`, path);
}
