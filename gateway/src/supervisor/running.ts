import { readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { holdLock, LockedError } from "../ledger/lock/hold-lock.ts";

/** The Weir that holds a data directory: its process and, once it is ready, its addresses. */
const Running = Type.Object({
  pid: Type.Integer({ minimum: 1 }),
  gateway: Type.String(),
  console: Type.String(),
  metrics: Type.String(),
});
export type Running = Static<typeof Running>;

const FILE = "running.json";

export function writeRunning(directory: string, running: Running): void {
  const path = join(directory, FILE);
  writeFileSync(`${path}.new`, `${JSON.stringify(running)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}

/** What the last holder wrote: to be read only while the lock is held, or it may be long gone. */
export function readRunning(directory: string): Running | null {
  try {
    return Value.Parse(Running, JSON.parse(readFileSync(join(directory, FILE), "utf8")));
  } catch {
    return null;
  }
}

/** The Weir that is running on this data directory; null when there is none. */
export async function findRunning(directory: string): Promise<Running | null> {
  try {
    (await holdLock(join(directory, "lock.db"), "The data directory")).release();
    return null;
  } catch (error) {
    return error instanceof LockedError ? readRunning(directory) : null;
  }
}
