import { mkdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Pool } from "undici";
import { Value } from "typebox/value";
import { Snapshot } from "../../contracts/snapshot.ts";
import { StopBook } from "../stop/stop-book.ts";
import { activate, emptySnapshot, type ActiveSnapshot } from "./active-snapshot.ts";

const WAIT_SECONDS = 25;
const MAX_SNAPSHOT_BYTES = 268_435_456;
const RETRY_MIN_MS = 100;
const RETRY_MAX_MS = 5_000;

export interface SnapshotFollower {
  current(): ActiveSnapshot;
  /** Resolves once a snapshot is active, from control or from disk. */
  readonly first: Promise<void>;
  stop(): Promise<void>;
}

/**
 * Keeps the newest snapshot that control publishes, by long poll. The last good one is kept on
 * disk, so that a proxy starts and goes on while control is down; one that cannot be activated
 * changes nothing.
 */
export function followSnapshots(options: {
  controlUrl: string;
  controlToken: string;
  /** Folder for the last good snapshot; one file for each follower. */
  directory: string;
  fileName: string;
  /** Told the stops of every snapshot, before anything else goes by it. */
  onStops: (book: StopBook) => void;
  /** Told every snapshot that is in force now. */
  onSnapshot?: (snapshot: Snapshot) => void;
  log: { info(fields: object, message: string): void; warn(fields: object, message: string): void };
}): SnapshotFollower {
  const { controlUrl, controlToken, directory, fileName, log } = options;
  const stopping = new AbortController();
  const pool = new Pool(new URL(controlUrl).origin, { connections: 1 });
  const file = join(directory, fileName);
  const first = Promise.withResolvers<void>();
  let current = emptySnapshot;

  const use = async (snapshot: Snapshot) => {
    try {
      current = await activate(snapshot, current);
    } catch (error) {
      // Whatever else is wrong with it: who presses the red button is obeyed.
      if (current.version !== "")
        current = { ...current, stops: new StopBook(snapshot.stops ?? []) };
      throw error;
    } finally {
      options.onStops(current.stops);
    }
    options.onSnapshot?.(snapshot);
    first.resolve();
    log.info({ version: current.version, policy: current.policy?.revision ?? null }, "snapshot");
  };

  const fetchNext = async (): Promise<Snapshot | null> => {
    const response = await pool.request({
      method: "GET",
      path: `/internal/snapshot?wait=${WAIT_SECONDS}`,
      headers: {
        authorization: `Bearer ${controlToken}`,
        ...(current.version === "" ? {} : { "if-none-match": current.version }),
      },
      signal: stopping.signal,
      headersTimeout: (WAIT_SECONDS + 10) * 1000,
    });
    const chunks: Buffer[] = [];
    let bytes = 0;
    for await (const chunk of response.body) {
      const part: Buffer = chunk;
      bytes += part.length;
      if (bytes > MAX_SNAPSHOT_BYTES) throw new Error("the snapshot is larger than it may be");
      chunks.push(part);
    }
    if (response.statusCode === 304) return null;
    if (response.statusCode !== 200) throw new Error(`control answered ${response.statusCode}`);
    return Value.Parse(Snapshot, JSON.parse(Buffer.concat(chunks).toString("utf8")));
  };

  const keep = async (snapshot: Snapshot) => {
    await mkdir(directory, { recursive: true, mode: 0o700 });
    await writeFile(`${file}.new`, JSON.stringify(snapshot), { mode: 0o600 });
    await rename(`${file}.new`, file);
  };

  const run = async () => {
    try {
      await use(Value.Parse(Snapshot, JSON.parse(await readFile(file, "utf8"))));
    } catch {
      // None kept yet, or not a good one: control will give one.
    }
    let retryMs = RETRY_MIN_MS;
    while (!stopping.signal.aborted) {
      try {
        const snapshot = await fetchNext();
        if (snapshot !== null) {
          await use(snapshot);
          await keep(snapshot);
        }
        retryMs = RETRY_MIN_MS;
      } catch (error) {
        if (stopping.signal.aborted) return;
        log.warn({ err: error, retryMs }, "no new snapshot; the last good one stays in force");
        await pause(retryMs, stopping.signal);
        retryMs = Math.min(retryMs * 2, RETRY_MAX_MS);
      }
    }
  };
  const running = run();

  return {
    current: () => current,
    first: first.promise,
    stop: async () => {
      stopping.abort();
      await running;
      await pool.destroy();
    },
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  signal.addEventListener("abort", () => resolve(), { once: true });
  await promise;
  clearTimeout(timer);
}
