import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import {
  type ClickHouseClient,
  createClient,
  type ClickHouseClientConfigOptions,
} from "@clickhouse/client";
import { type ChdbExtension, createChdbConnection } from "chdb/connection";
import { LockedError, tryLock, type HeldLock } from "../lock/hold-lock.ts";

/** A ClickHouse server by URL, or the embedded one in a directory of its own. */
export type ClickHouseTarget =
  | { readonly url: string; readonly database?: string }
  | { readonly path: string };

/** What belongs to a client whose engine lives in this process. */
interface Embedded {
  readonly lock: HeldLock;
  readonly engine: ChdbExtension;
}

const embedded = new WeakMap<ClickHouseClient, Embedded>();
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
      compression: { request: true, response: true },
      ...(database === undefined ? {} : { database }),
    });
  }
  mkdirSync(dirname(target.path), { recursive: true, mode: 0o700 });
  const lockPath = `${target.path}.lock`;
  const lock = tryLock(lockPath);
  if (lock === undefined) throw new LockedError(lockPath, "The embedded ClickHouse");
  try {
    const connection = createChdbConnection({ path: target.path });
    const client = createClient({ connection: asClientConnection(connection) });
    embedded.set(client, { lock, engine: connection.chdb });
    return client;
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** Whether the engine lives in this process, and so cannot outlive it. */
export function isEmbedded(client: ClickHouseClient): boolean {
  return embedded.has(client);
}

/** The engine behind a client, when it lives in this process: takes bytes without copying them. */
export function embeddedEngine(client: ClickHouseClient): ChdbExtension | undefined {
  return embedded.get(client)?.engine;
}

// The client carries its own copy of the interface that chDB implements, with other private types.
function asClientConnection(connection: ReturnType<typeof createChdbConnection>) {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return connection as unknown as NonNullable<ClickHouseClientConfigOptions["connection"]>;
}

/** Closes the client; an embedded engine lets go of its directory. Await what still runs first. */
export async function closeClickHouse(client: ClickHouseClient): Promise<void> {
  try {
    await client.close();
  } finally {
    embedded.get(client)?.lock.release();
    embedded.delete(client);
  }
}
