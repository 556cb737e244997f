import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseSync } from "node:sqlite";

/** Another process, or this one, already holds the lock. */
export class LockedError extends Error {
  readonly code = "WEIR_LEDGER_LOCKED";

  constructor(path: string, what: string) {
    super(`${what} is in use by another Weir process (lock ${path}). Stop that one first.`);
    this.name = "LockedError";
  }
}

export interface HeldLock {
  release(): void;
}

const RETRY_MS = 50;

/**
 * Holds an exclusive lock on `path`, which the kernel lets go when the process ends in whatever
 * way; `what` names the locked thing in the error. Waits up to `waitMs` for a dying holder.
 * @throws LockedError
 */
export async function holdLock(path: string, what: string, waitMs = 0): Promise<HeldLock> {
  for (let left = waitMs; ; left -= RETRY_MS) {
    const held = tryLock(path);
    if (held !== undefined) return held;
    if (left <= 0) throw new LockedError(path, what);
    await sleep(Math.min(RETRY_MS, left));
  }
}

/** One attempt at {@link holdLock}; undefined when another holds the lock. */
// Node has no flock(2). SQLite's exclusive transaction is a POSIX record lock, and unlike a file
// with a process id in it cannot be stale, in a container's own id space neither.
export function tryLock(path: string): HeldLock | undefined {
  const database = new DatabaseSync(path);
  try {
    database.exec("PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE");
  } catch (error) {
    database.close();
    if (error instanceof Error && "errcode" in error && error.errcode === SQLITE_BUSY)
      return undefined;
    throw error;
  }
  return { release: () => database.close() };
}

const SQLITE_BUSY = 5;
