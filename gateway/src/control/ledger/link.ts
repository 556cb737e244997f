import { setTimeout as sleep } from "node:timers/promises";
import type { ClickHouseClient } from "@clickhouse/client";
import { ControlError } from "../errors.ts";
import type { LedgerStatus } from "../../contracts/api/ledger.ts";

/** What ships the spool into ClickHouse. */
export interface Shipper {
  /** Ships all that is in the spool now. */
  drain: () => Promise<void>;
  /** Does the work while nothing is shipped. */
  whilePaused: <T>(work: () => Promise<T>) => Promise<T>;
  status: () => Omit<LedgerStatus, "state">;
  stop: () => Promise<void>;
}

export interface LedgerLinkOptions {
  /** Connects, brings the tables up to date, and proves that they can be read. */
  readonly open: () => Promise<ClickHouseClient>;
  readonly startShipper: (client: ClickHouseClient) => Shipper;
  readonly disconnect: (client: ClickHouseClient) => Promise<void>;
  /** How long closing waits for a connection that is being opened. */
  readonly openGraceMs: number;
  readonly log: {
    info: (fields: object, message: string) => void;
    warn: (fields: object, message: string) => void;
  };
}

export interface OpenLedger {
  readonly client: ClickHouseClient;
  readonly shipper: Shipper;
}

const retryMinMs = 500;
const retryMaxMs = 15_000;
const questionWaitMs = 10_000;
const nothingShipped = {
  shippedRows: 0,
  deadRows: 0,
  pendingBytes: 0,
  pendingRows: 0,
  oldestUnshippedAgeMs: 0,
  failures: 0,
  lastShippedAtMs: null,
};

/** Control's way to ClickHouse. While it cannot be reached the spool grows, and nothing else stops. */
export class LedgerLink {
  readonly #options: LedgerLinkOptions;
  readonly #closing = new AbortController();
  readonly #firstAttempt = Promise.withResolvers<void>();
  #opening: Promise<void> = Promise.resolve();
  #open: OpenLedger | null = null;
  #lastError = "";

  constructor(options: LedgerLinkOptions) {
    this.#options = options;
  }

  /** Begins to connect, and goes on trying until it is closed. */
  start(): void {
    this.#opening = this.#connect();
  }

  get isOpen(): boolean {
    return this.#open !== null;
  }

  /**
   * The client to ask questions with; right after the start it waits for the first attempt to open.
   *
   * @throws {ControlError} WEIR_LEDGER_UNAVAILABLE.
   */
  async client(): Promise<ClickHouseClient> {
    return (await this.opened()).client;
  }

  /**
   * Client and shipper, likewise.
   *
   * @throws {ControlError} WEIR_LEDGER_UNAVAILABLE.
   */
  async opened(): Promise<OpenLedger> {
    const timeout = new AbortController();
    const late = sleep(questionWaitMs, undefined, { signal: timeout.signal }).catch(
      () => undefined,
    );
    await Promise.race([this.#firstAttempt.promise, late]);
    timeout.abort();
    if (this.#open !== null) return this.#open;
    throw new ControlError(
      "WEIR_LEDGER_UNAVAILABLE",
      "Calls go on and are recorded; they show here once ClickHouse can be reached again.",
    );
  }

  /** Does the work while nothing is shipped. */
  whilePaused<T>(work: () => Promise<T>): Promise<T> {
    return this.#open === null ? work() : this.#open.shipper.whilePaused(work);
  }

  status(): LedgerStatus {
    if (this.#open !== null) return { state: "ready", ...this.#open.shipper.status() };
    const state = this.#lastError === "" ? "opening" : "unavailable";
    return { state, ...nothingShipped, lastError: this.#lastError };
  }

  /** Answers questions that wait for the first attempt to open; later ones do not wait either. */
  refuseToWait(): void {
    this.#firstAttempt.resolve();
  }

  /** Ships what is left in the spool, but for no longer than `drainMs`, and disconnects. */
  async close(drainMs: number): Promise<void> {
    this.#closing.abort();
    const { openGraceMs } = this.#options;
    await Promise.race([this.#opening, sleep(openGraceMs, undefined, { ref: false })]);
    if (this.#open === null) return;
    const { client, shipper } = this.#open;
    this.#open = null;
    const timeout = new AbortController();
    const late = sleep(drainMs, "late" as const, { signal: timeout.signal }).catch(
      () => "done" as const,
    );
    const drained = shipper.drain().then(
      () => "done" as const,
      (error: unknown) => this.#options.log.warn({ err: error }, "the ledger could not be drained"),
    );
    if ((await Promise.race([drained, late])) === "late") {
      this.#options.log.warn({ drainMs }, "not all was shipped: the next start ships the rest");
    }
    timeout.abort();
    await shipper.stop();
    await this.#options.disconnect(client);
  }

  async #connect(): Promise<void> {
    const { signal } = this.#closing;
    for (let waitMs = retryMinMs; !signal.aborted; waitMs = Math.min(waitMs * 2, retryMaxMs)) {
      try {
        const client = await this.#options.open();
        this.#open = { client, shipper: this.#options.startShipper(client) };
        this.#lastError = "";
        this.#firstAttempt.resolve();
        return;
      } catch (error) {
        this.#firstAttempt.resolve();
        this.#lastError = error instanceof Error ? error.message : String(error);
        this.#options.log.warn({ err: error, waitMs }, "the ledger cannot be opened; trying again");
        await sleep(waitMs, undefined, { signal }).catch(() => undefined);
      }
    }
  }
}
