import { isSpoolId } from "../spool/spool-id.ts";
import { backoffMs } from "./backoff.ts";
import { describeFailure } from "./errors.ts";
import { SpoolShipper } from "./spool-shipper.ts";
import type { ShipperOptions } from "./start-shipper.ts";
import type { ShipperStatus, SpoolShipStatus } from "./status.ts";

/** So many batches of one spool, then the others have their turn. */
const BATCHES_PER_TURN = 8;
const ASSUMED_FRAME_BYTES = 1000;

interface Lane {
  readonly shipper: SpoolShipper;
  failures: number;
  consecutiveFailures: number;
  nextAttemptAtMs: number;
  lastError: string;
}

/** The loop over all spools: one at a time, each with a back-off of its own. */
export class Shipping {
  readonly #options: ShipperOptions;
  readonly #listSpools: () => Promise<string[]>;
  readonly #lanes = new Map<string, Lane>();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;
  #lastShippedAtMs: number | null = null;
  #lastError = "";

  constructor(options: ShipperOptions, listSpools: () => Promise<string[]>) {
    const { now, onBatch } = options;
    this.#options = {
      ...options,
      onBatch: (batch) => {
        this.#lastShippedAtMs = now();
        onBatch?.(batch);
      },
    };
    this.#listSpools = listSpools;
  }

  start(): void {
    this.#schedule();
  }

  async drain(): Promise<void> {
    const errors = await this.#turn(true);
    if (errors.length > 0) throw errors[0];
  }

  whilePaused<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#running.then(work);
    this.#running = done.then(
      () => undefined,
      () => undefined,
    );
    return done;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#running;
  }

  status(): ShipperStatus {
    const spools = [...this.#lanes.values()].map((lane) => this.#statusOf(lane));
    const sum = (pick: (spool: SpoolShipStatus) => number) =>
      spools.reduce((total, spool) => total + pick(spool), 0);
    return {
      spools,
      shippedRows: sum((spool) => spool.shippedRows),
      deadRows: sum((spool) => spool.deadRows),
      pendingBytes: sum((spool) => spool.lagBytes),
      pendingRows: sum((spool) => spool.lagRows),
      oldestUnshippedAgeMs: Math.max(0, ...spools.map((spool) => spool.oldestUnshippedAgeMs)),
      failures: sum((spool) => spool.failures),
      lastShippedAtMs: this.#lastShippedAtMs,
      lastError: spools.find((spool) => spool.lastError !== "")?.lastError ?? this.#lastError,
    };
  }

  #schedule(): void {
    if (this.#stopped) return;
    this.#timer = setTimeout(() => {
      void this.#turn(false).finally(() => this.#schedule());
    }, this.#options.intervalMs);
  }

  /** Turns never overlap. @returns what went wrong in this one. */
  #turn(atOnce: boolean): Promise<unknown[]> {
    const turn = this.#running.then(() => this.#shipAll(atOnce));
    this.#running = turn.then(() => undefined);
    return turn;
  }

  async #shipAll(atOnce: boolean): Promise<unknown[]> {
    let waiting: Lane[];
    try {
      waiting = await this.#due(atOnce);
      this.#lastError = "";
    } catch (error) {
      this.#lastError = describeFailure(error);
      return [error];
    }
    const errors: unknown[] = [];
    while (waiting.length > 0 && !this.#stopped) {
      const again: Lane[] = [];
      for (const lane of waiting) {
        const outcome = await this.#shipOne(lane);
        if (outcome.error !== undefined) errors.push(outcome.error);
        else if (outcome.more) again.push(lane);
      }
      waiting = again;
    }
    return errors;
  }

  async #due(atOnce: boolean): Promise<Lane[]> {
    for (const spoolId of await this.#listSpools()) {
      if (!isSpoolId(spoolId) || this.#lanes.has(spoolId)) continue;
      this.#lanes.set(spoolId, {
        shipper: new SpoolShipper(this.#options, spoolId),
        failures: 0,
        consecutiveFailures: 0,
        nextAttemptAtMs: 0,
        lastError: "",
      });
    }
    const now = this.#options.now();
    return [...this.#lanes.values()].filter((lane) => atOnce || lane.nextAttemptAtMs <= now);
  }

  async #shipOne(lane: Lane): Promise<{ more: boolean; error?: unknown }> {
    try {
      const more = await lane.shipper.ship(BATCHES_PER_TURN, () => this.#stopped);
      lane.consecutiveFailures = 0;
      lane.nextAttemptAtMs = 0;
      lane.lastError = lane.shipper.tally.fault;
      return { more };
    } catch (error) {
      const { now, random, log } = this.#options;
      lane.failures += 1;
      lane.consecutiveFailures += 1;
      const waitMs = backoffMs(lane.consecutiveFailures, random ?? Math.random);
      lane.nextAttemptAtMs = now() + waitMs;
      lane.lastError = describeFailure(error);
      // Not the error itself: its cause may quote the values of a row.
      const fields = { spool: lane.shipper.spoolId, reason: lane.lastError, waitMs };
      log.warn(fields, "shipping failed; will retry");
      return { more: false, error };
    }
  }

  #statusOf(lane: Lane): SpoolShipStatus {
    const { tally, cursor, spoolId } = lane.shipper;
    const frameBytes = tally.frames === 0 ? ASSUMED_FRAME_BYTES : tally.frameBytes / tally.frames;
    const oldest = tally.oldestUnshippedAtMs;
    return {
      spoolId,
      shippedThrough: cursor?.shippedThrough ?? 0,
      lagBytes: tally.lagBytes,
      lagRows: Math.ceil(tally.lagBytes / frameBytes),
      oldestUnshippedAtMs: oldest,
      oldestUnshippedAgeMs: oldest === null ? 0 : Math.max(0, this.#options.now() - oldest),
      shippedRows: cursor?.shippedRows ?? 0,
      deadRows: cursor?.deadRows ?? 0,
      batches: tally.batches,
      failures: lane.failures,
      lostRows: tally.lostRows,
      corruptBytes: tally.corruptBytes,
      consecutiveFailures: lane.consecutiveFailures,
      nextAttemptAtMs: lane.nextAttemptAtMs,
      lastError: lane.lastError,
    };
  }
}
