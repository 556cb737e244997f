import { clusterOf } from "../clickhouse/open.ts";
import type { ShipWork } from "../spool/cursor.ts";
import type { Frame } from "../spool/frame.ts";
import type { CursorKeeper } from "./cursor-keeper.ts";
import { appendDeadLetter, deadLetter } from "./dead-letters.ts";
import { describeFailure, HalfShippedError, isDataError, type ReportedError } from "./errors.ts";
import { insertWork, isShipped, type RowSource } from "./insert-work.ts";
import { type Destination, framesOf, planWork, splitWork } from "./plan-work.ts";
import type { ShipperOptions } from "./start-shipper.ts";

/** How often a deduplication token is given up for another before something else must be wrong. */
const MAX_TOKENS = 3;

/** Brings one batch into ClickHouse, all of its rows exactly once or among the dead letters. */
export class Delivery {
  readonly #options: ShipperOptions;
  readonly #keeper: CursorKeeper;
  readonly #source: RowSource;
  readonly #groups: ReadonlyMap<Destination, readonly Frame[]>;
  readonly #buried = new Set<number>();

  constructor(
    options: ShipperOptions,
    keeper: CursorKeeper,
    source: RowSource,
    groups: ReadonlyMap<Destination, readonly Frame[]>,
  ) {
    this.#options = options;
    this.#keeper = keeper;
    this.#source = source;
    this.#groups = groups;
  }

  /** The INSERTs of the batch `[first, last]`. */
  plan(first: number, last: number): ShipWork[] {
    return planWork(this.#groups, first, last);
  }

  /** Does the work of the intent. `again`: some of it may have been done before. */
  async run(again: boolean): Promise<void> {
    if (!again) await this.#insertSideBySide();
    for (let item = this.#next(); item !== undefined; item = this.#next()) {
      const frames = framesOf(item, this.#groups);
      try {
        await insertWork(this.#options, this.#source, item, frames);
        if (again) await this.#assureKept(item, frames);
        this.#keeper.setWork(this.#keeper.intent.work.slice(1));
      } catch (error) {
        if (!isDataError(error)) throw error;
        await this.#takeApart(item, frames, error);
      }
    }
  }

  /** Calls and what else there is at the same time. What a row keeps out is left to do. */
  async #insertSideBySide(): Promise<void> {
    const { work } = this.#keeper.intent;
    const done = new Set<ShipWork>();
    const insertAll = async (items: readonly ShipWork[]): Promise<void> => {
      for (const item of items) {
        try {
          const frames = framesOf(item, this.#groups);
          await insertWork(this.#options, this.#source, item, frames);
          done.add(item);
        } catch (error) {
          if (!isDataError(error)) throw error;
        }
      }
    };
    const calls = work.filter(({ table }) => table === "calls");
    const others = work.filter(({ table }) => table !== "calls");
    const results = await Promise.allSettled([insertAll(calls), insertAll(others)]);
    this.#keeper.setWork(work.filter((item) => !done.has(item)));
    for (const result of results) if (result.status === "rejected") throw result.reason;
  }

  #next(): ShipWork | undefined {
    return this.#keeper.intent.work[0];
  }

  /**
   * An engine that dies between noting a token and keeping the rows refuses them for ever under that
   * token; replicas of a cluster note both at once, and one INSERT there is several. It has just answered that it is done: rows that are not there now never will be, and are
   * safe to insert under another token.
   */
  async #assureKept(item: ShipWork, frames: readonly Frame[]): Promise<void> {
    const [first] = frames;
    if (first === undefined || clusterOf(this.#options.client) !== undefined) return;
    for (let attempt = item.attempt; ; attempt += 1) {
      const renewed = { ...item, attempt };
      if (attempt > item.attempt) {
        this.#keeper.setWork([renewed, ...this.#keeper.intent.work.slice(1)]);
        await this.#keeper.write();
        await insertWork(this.#options, this.#source, renewed, frames);
      }
      if (await isShipped(this.#options.client, this.#source, renewed, first)) return;
      if (attempt - item.attempt >= MAX_TOKENS)
        throw new Error(`ClickHouse does not keep rows of ${item.table}; see its own log`);
    }
  }

  /** The work holds a row that ClickHouse refuses: it is halved, or if it is that row, set aside. */
  async #takeApart(item: ShipWork, frames: readonly Frame[], error: ReportedError): Promise<void> {
    const [first] = frames;
    const rest = this.#keeper.intent.work.slice(1);
    if (first === undefined) return this.#keeper.setWork(rest);
    if (await isShipped(this.#options.client, this.#source, item, first))
      throw new HalfShippedError(item.table, { cause: error });
    if (frames.length > 1) {
      this.#keeper.setWork([...splitWork(item, frames), ...rest]);
    } else {
      await this.#bury(item, first, `CLICKHOUSE_${error.code}`, describeFailure(error));
      this.#keeper.setWork(rest);
    }
    // The new ranges must outlive a crash before any of them is inserted.
    await this.#keeper.write();
  }

  async #bury(item: ShipWork, frame: Frame, code: string, reason: string): Promise<void> {
    if (this.#buried.has(frame.sequence)) return;
    const { spoolRoot, now, log } = this.#options;
    const letter = deadLetter(this.#source, item, frame, { atMs: now(), code, reason });
    await appendDeadLetter(spoolRoot, letter);
    this.#buried.add(frame.sequence);
    const { current, intent } = this.#keeper;
    this.#keeper.set({
      deadRows: current.deadRows + 1,
      intent: { ...intent, dead: intent.dead + 1 },
    });
    const fields = { spool: this.#source.spoolId, sequence: frame.sequence, code };
    log.error(fields, "row set aside as dead letter");
  }
}
