import { setTimeout as sleep } from "node:timers/promises";
import { type HeadWriterOptions, openHeadWriter, type SignedHead } from "./head-writer.ts";
import { openSecondPlace, type SecondPlaceStatus } from "./second-place.ts";

export interface HeadPublisherOptions extends HeadWriterOptions {
  readonly intervalMs: number;
  /** File paths and http(s) URLs. */
  readonly publishTo: readonly string[];
  readonly fetch: typeof fetch;
  readonly onError: (error: unknown) => void;
}

export interface HeadPublisherStatus {
  /** Leaves in the log. */
  readonly size: number;
  /** The newest head; null = none yet. */
  readonly head: { readonly size: number; readonly timeMs: number } | null;
  /** Heads that could not be written. */
  readonly failures: number;
  readonly places: readonly SecondPlaceStatus[];
}

export interface HeadPublisher {
  /** A head of all that is in the log now, on the disk; second places get it later. */
  publish(): Promise<SignedHead>;
  /** Waits until every second place has been tried. */
  sendAll(): Promise<void>;
  status(): HeadPublisherStatus;
  /** Writes a last head; second places get a few seconds. Close before the log. */
  close(): Promise<void>;
}

const CLOSE_WAIT_MS = 5_000;

/** Writes a head every interval, on demand and at close. What fails is tried at the next interval. */
export async function publishHeads(options: HeadPublisherOptions): Promise<HeadPublisher> {
  const { log, publishTo, intervalMs, onError } = options;
  const writer = await openHeadWriter(options);
  const places = publishTo.map((place) =>
    openSecondPlace({ ...options, directory: log.directory, place }),
  );
  let failures = 0;
  const sendAll = async (): Promise<void> => {
    await Promise.all(places.map((place) => place.catchUp()));
  };
  const publish = async (): Promise<SignedHead> => {
    try {
      return await writer.write();
    } catch (error) {
      failures += 1;
      throw error;
    }
  };
  const timer = setInterval(() => void publish().catch(onError).then(sendAll), intervalMs);
  timer.unref();
  return {
    publish: async () => {
      const head = await publish();
      void sendAll();
      return head;
    },
    sendAll,
    status: () => ({
      size: log.size,
      head: writer.last?.head ?? null,
      failures,
      places: places.map((place) => place.status()),
    }),
    close: async () => {
      clearInterval(timer);
      await publish().catch(onError);
      const wait = new AbortController();
      const waited = sleep(CLOSE_WAIT_MS, undefined, { signal: wait.signal }).catch(
        () => undefined,
      );
      await Promise.race([sendAll(), waited]);
      wait.abort();
    },
  };
}
