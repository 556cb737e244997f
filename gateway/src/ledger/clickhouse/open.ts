import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import {
  type ClickHouseClient,
  createClient,
  type ClickHouseClientConfigOptions,
} from "@clickhouse/client";
import { createChdbConnection } from "chdb/connection";
import { LockedError, tryLock, type HeldLock } from "../lock/hold-lock.ts";

/** A ClickHouse server by URL, or the embedded one in a directory of its own. */
export type ClickHouseTarget =
  | { readonly url: string; readonly database?: string }
  | { readonly path: string };

const locks = new WeakMap<ClickHouseClient, HeldLock>();
const REQUEST_TIMEOUT_MS = 60_000;

/**
 * Opens the ledger's database; with `path` it runs inside this process. Two engines on one path
 * would damage it, hence the lock `<path>.lock`.
 * @throws LockedError when another process has the path open.
 */
export function openClickHouse(target: ClickHouseTarget): ClickHouseClient {
  if ("url" in target) {
    const { url, database } = target;
    return createClient({
      url,
      request_timeout: REQUEST_TIMEOUT_MS,
      application: "weir",
      ...(database === undefined ? {} : { database }),
    });
  }
  mkdirSync(dirname(target.path), { recursive: true, mode: 0o700 });
  const lockPath = `${target.path}.lock`;
  const lock = tryLock(lockPath);
  if (lock === undefined) throw new LockedError(lockPath, "The embedded ClickHouse");
  try {
    const client = createClient({ connection: embeddedConnection(target.path) });
    locks.set(client, lock);
    return client;
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Whether the engine lives in this process, and so cannot outlive it. */
export function isEmbedded(client: ClickHouseClient): boolean {
  return locks.has(client);
}

// The client carries its own copy of the interface that chDB implements, with other private types.
function embeddedConnection(path: string) {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return createChdbConnection({ path }) as unknown as NonNullable<
    ClickHouseClientConfigOptions["connection"]
  >;
}

/** Closes the client; an embedded engine lets go of its directory. Await what still runs first. */
export async function closeClickHouse(client: ClickHouseClient): Promise<void> {
  try {
    await client.close();
  } finally {
    locks.get(client)?.release();
    locks.delete(client);
  }
}
