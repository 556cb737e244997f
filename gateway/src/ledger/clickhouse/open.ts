import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import {
  type ClickHouseClient,
  ClickHouseLogLevel,
  createClient,
  type ClickHouseClientConfigOptions,
} from "@clickhouse/client";
import { type ChdbConnection, type ChdbExtension, createChdbConnection } from "chdb/connection";
import { LockedError, tryLock, type HeldLock } from "../lock/hold-lock.ts";

/** A ClickHouse server by URL, or the embedded one in a directory of its own. */
export type ClickHouseTarget =
  | { readonly url: string; readonly database?: string; readonly cluster?: string }
  | { readonly path: string };

/** What belongs to a client whose engine lives in this process. */
interface Embedded {
  readonly lock: HeldLock;
  /** A session does one thing at a time: these let questions be answered while rows go in. */
  readonly writers: readonly [calls: ChdbConnection, others: ChdbConnection];
}

const embedded = new WeakMap<ClickHouseClient, Embedded>();
const clusters = new WeakMap<ClickHouseClient, string>();
const REQUEST_TIMEOUT_MS = 60_000;

/**
 * Opens the ledger's database; with `path` it runs inside this process. Two engines on one path
 * would damage it, hence the lock `<path>.lock`.
 * @throws LockedError when another process has the path open.
 */
export function openClickHouse(target: ClickHouseTarget): ClickHouseClient {
  if ("url" in target) {
    const { url, database, cluster = "" } = target;
    const client = createClient({
      url,
      request_timeout: REQUEST_TIMEOUT_MS,
      application: "weir",
      compression: { request: true, response: true },
      // It would print what ClickHouse says of a bad row, with the values of it.
      log: { level: ClickHouseLogLevel.OFF },
      ...(database === undefined ? {} : { database }),
    });
    if (cluster !== "") clusters.set(client, cluster);
    return client;
  }
  mkdirSync(dirname(target.path), { recursive: true, mode: 0o700 });
  const lockPath = `${target.path}.lock`;
  const lock = tryLock(lockPath);
  if (lock === undefined) throw new LockedError(lockPath, "The embedded ClickHouse");
  try {
    const connection = createChdbConnection({ path: target.path });
    const client = createClient({ connection: asClientConnection(connection) });
    const writer = () => createChdbConnection({ path: target.path });
    embedded.set(client, { lock, writers: [writer(), writer()] });
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

/** The cluster that a client's server belongs to; undefined when it stands alone. */
export function clusterOf(client: ClickHouseClient): string | undefined {
  return clusters.get(client);
}

/**
 * The session of an engine in this process that rows of a table go into: takes bytes without copying
 * them. Calls have one of their own, so that they go in beside the decisions on them.
 */
export function embeddedWriter(client: ClickHouseClient, table: string): ChdbExtension | undefined {
  const [calls, others] = embedded.get(client)?.writers ?? [];
  return (table === "calls" ? calls : others)?.chdb;
}

// The client carries its own copy of the interface that chDB implements, with other private types.
function asClientConnection(connection: ReturnType<typeof createChdbConnection>) {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return connection as unknown as NonNullable<ClickHouseClientConfigOptions["connection"]>;
}

/** Closes the client; an embedded engine lets go of its directory. Await what still runs first. */
export async function closeClickHouse(client: ClickHouseClient): Promise<void> {
  const own = embedded.get(client);
  try {
    for (const writer of own?.writers ?? []) await writer.close();
    await client.close();
  } finally {
    own?.lock.release();
    embedded.delete(client);
  }
}
