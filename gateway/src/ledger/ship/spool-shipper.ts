import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import { isEmbedded } from "../clickhouse/open.ts";
import { type Cursor, newCursor, readCursor, type ShipWork, writeCursor } from "../spool/cursor.ts";
import type { Frame } from "../spool/frame.ts";
import { appendDeadLetter, deadLetter } from "./dead-letters.ts";
import { describeFailure, HalfShippedError, isDataError, type ReportedError } from "./errors.ts";
import { countShipped, insertWork, type RowSource } from "./insert-work.ts";
import { measureLag, type Next, nextBatch } from "./next-batch.ts";
import {
  type BatchContent,
  planWork,
  rowsOf,
  type ShippableRow,
  splitWork,
  toRows,
} from "./plan-work.ts";
import { removeShipped, setAside } from "./set-aside.ts";
import { newTally } from "./tally.ts";
import type { ShippedBatch, ShipperOptions } from "./start-shipper.ts";

type Batch = Extract<Next, { kind: "batch" }>;
type SegmentDone = Extract<Next, { kind: "segment-done" }>;

/**
 * Ships one spool, batch after batch. After a failure, and after a crash, the batch under way is
 * repeated exactly: its range, its work and so its tokens stand in the cursor.
 */
export class SpoolShipper {
  readonly spoolId: string;
  readonly #options: ShipperOptions;
  readonly #client: ClickHouseClient;
  readonly #directory: string;
  #cursor: Cursor | undefined;
  /** Whether the cursor on disk is behind the one in memory. */
  #dirty = false;
  /** Sequences of the batch under way that are dead letters already. */
  readonly #buried = new Set<number>();
  readonly tally = newTally();

  constructor(options: ShipperOptions, spoolId: string) {
    this.#options = options;
    this.#client = options.client;
    this.spoolId = spoolId;
    this.#directory = join(options.spoolRoot, spoolId);
  }

  get cursor(): Cursor | undefined {
    return this.#cursor;
  }

  /**
   * Ships up to `maxBatches` batches, fewer when `stopped` says so or nothing is left.
   * @returns whether there is more. @throws what ClickHouse or the disk threw: call again later.
   */
  async ship(maxBatches: number, stopped: () => boolean): Promise<boolean> {
    try {
      return await this.#ship(maxBatches, stopped);
    } finally {
      if (this.#cursor !== undefined)
        this.tally.lagBytes = await measureLag(this.#directory, this.#cursor);
    }
  }

  async #ship(maxBatches: number, stopped: () => boolean): Promise<boolean> {
    this.#cursor ??= (await readCursor(this.#directory)) ?? newCursor(this.spoolId);
    for (let left = maxBatches; left > 0 && !stopped();) {
      if (this.#cursor.intent !== null) {
        await this.#repeat(this.#cursor, this.#cursor.intent);
        left -= 1;
        continue;
      }
      const { batchRows, batchBytes } = this.#options;
      const limits = { rows: batchRows, bytes: batchBytes };
      const next = await nextBatch(this.#directory, this.#cursor, limits);
      if (next.kind === "idle") {
        this.tally.oldestUnshippedAtMs = null;
        this.tally.fault = next.fault ?? "";
        await this.#save();
        return false;
      }
      if (next.kind === "segment-done") await this.#endSegment(this.#cursor, next);
      else {
        await this.#begin(this.#cursor, next);
        left -= 1;
      }
    }
    await this.#save();
    return true;
  }

  /** Ships a batch for the first time. */
  async #begin(cursor: Cursor, batch: Batch): Promise<void> {
    const source = { spoolId: this.spoolId, epoch: batch.epoch };
    const content = toRows(batch.frames, source);
    const first = batch.frames[0]?.sequence ?? cursor.shippedThrough + 1;
    const last = batch.frames.at(-1)?.sequence ?? cursor.shippedThrough;
    const work = planWork(content.rows, first, last);
    await this.#write({ ...cursor, epoch: batch.epoch, intent: { first, last, dead: 0, work } });
    this.#buried.clear();
    await this.#deliver(source, batch, content);
  }

  /** Ships the batch under way once more, after a failure or a crash. */
  async #repeat(cursor: Cursor, intent: NonNullable<Cursor["intent"]>): Promise<void> {
    const batch = await this.#readAgain(cursor, intent);
    const source = { spoolId: this.spoolId, epoch: cursor.epoch };
    if (isEmbedded(this.#client)) {
      const work = await this.#renewTokens(source, intent.work);
      await this.#write({ ...cursor, intent: { ...intent, work } });
    }
    await this.#deliver(source, batch, toRows(batch.frames, source));
  }

  /**
   * An engine that dies between noting a token and keeping the rows would refuse them for ever
   * under that token. It ran in this process, so none of its INSERTs can still be under way:
   * rows that are not there now never will be, and are safe to insert under a new token.
   */
  async #renewTokens(source: RowSource, work: readonly ShipWork[]): Promise<ShipWork[]> {
    const renewed: ShipWork[] = [];
    for (const item of work) {
      const shipped = await countShipped(this.#client, source, item);
      renewed.push(shipped === 0 ? { ...item, attempt: item.attempt + 1 } : item);
    }
    return renewed;
  }

  async #readAgain(cursor: Cursor, intent: NonNullable<Cursor["intent"]>): Promise<Batch> {
    const frames: Frame[] = [];
    const { batchBytes: bytes } = this.#options;
    let position = {
      segment: cursor.segment,
      offset: cursor.offset,
      shippedThrough: cursor.shippedThrough,
    };
    while (position.shippedThrough < intent.last) {
      const limits = { rows: intent.last - position.shippedThrough, bytes, through: intent.last };
      const next = await nextBatch(this.#directory, position, limits);
      if (next.kind !== "batch") break;
      frames.push(...next.frames);
      const shippedThrough = next.frames.at(-1)?.sequence ?? intent.last;
      position = { segment: next.segment, offset: next.offset, shippedThrough };
    }
    const lost = intent.last - position.shippedThrough;
    if (lost > 0) this.#lose(lost, "a batch that had been begun is no longer in the spool");
    return { kind: "batch", frames, epoch: cursor.epoch, ...position };
  }

  /** Does the work of the intent, then counts the batch as shipped. */
  async #deliver(
    source: RowSource,
    batch: Pick<Batch, "frames" | "segment" | "offset">,
    { rows, unreadable }: BatchContent,
  ): Promise<void> {
    this.tally.oldestUnshippedAtMs = rows[0]?.timeMs ?? null;
    for (let item = this.#intent.work[0]; item !== undefined; item = this.#intent.work[0]) {
      const [, ...rest] = this.#intent.work;
      const mine = rowsOf(item, rows);
      try {
        await insertWork(
          this.#client,
          source,
          item,
          mine.map(({ row }) => row),
        );
        this.#setWork(rest);
      } catch (error) {
        if (!isDataError(error)) throw error;
        await this.#takeApart(source, batch.frames, item, mine, rest, error);
      }
    }
    for (const { frame, reason } of unreadable)
      await this.#bury(source, frame, "WEIR_LEDGER_UNREADABLE", reason);
    this.#finish(batch);
  }

  /** The work holds a row that ClickHouse refuses: it is halved, or if it is that row, set aside. */
  async #takeApart(
    source: RowSource,
    frames: readonly Frame[],
    item: ShipWork,
    rows: readonly ShippableRow[],
    rest: readonly ShipWork[],
    error: ReportedError,
  ): Promise<void> {
    if ((await countShipped(this.#client, source, item)) > 0)
      throw new HalfShippedError(item.table, { cause: error });
    if (rows.length > 1) {
      this.#setWork([...splitWork(item, rows), ...rest]);
    } else {
      const frame = frames.find(({ sequence }) => sequence === rows[0]?.sequence);
      if (frame !== undefined)
        await this.#bury(source, frame, `CLICKHOUSE_${error.code}`, describeFailure(error));
      this.#setWork(rest);
    }
    // The new ranges must outlive a crash before any of them is inserted.
    await this.#write(this.#current);
  }

  async #bury(source: RowSource, frame: Frame, code: string, reason: string): Promise<void> {
    if (this.#buried.has(frame.sequence)) return;
    const { spoolRoot, now, log } = this.#options;
    const letter = deadLetter(source, frame, { atMs: now(), code, reason });
    await appendDeadLetter(spoolRoot, letter);
    this.#buried.add(frame.sequence);
    const intent = { ...this.#intent, dead: this.#intent.dead + 1 };
    this.#cursor = { ...this.#current, deadRows: this.#current.deadRows + 1, intent };
    log.error(
      { spool: this.spoolId, sequence: frame.sequence, code },
      "row set aside as dead letter",
    );
  }

  #finish(batch: Pick<Batch, "frames" | "segment" | "offset">): void {
    const { first, last, dead } = this.#intent;
    const rows = Math.max(0, batch.frames.length - dead);
    this.#cursor = {
      ...this.#current,
      shippedThrough: last,
      segment: batch.segment,
      offset: batch.offset,
      shippedRows: this.#current.shippedRows + rows,
      intent: null,
    };
    // The next batch's intent, or the end of this round, makes it durable: one write a batch.
    this.#dirty = true;
    this.tally.batches += 1;
    this.tally.frames += batch.frames.length;
    for (const frame of batch.frames) this.tally.frameBytes += frame.bytes;
    const shipped: ShippedBatch = { spoolId: this.spoolId, first, last, rows, dead };
    this.#options.onBatch?.(shipped);
  }

  async #endSegment(cursor: Cursor, done: SegmentDone): Promise<void> {
    if (done.damage !== undefined) {
      const { spoolRoot } = this.#options;
      const { offset } = done.damage;
      const bytes = await setAside(spoolRoot, this.spoolId, done.segment, offset);
      this.tally.corruptBytes += bytes;
    }
    if (done.lostRows > 0 || done.damage !== undefined)
      this.#lose(done.lostRows, done.damage?.fault ?? "records are missing", done.segment);
    await this.#write({
      ...cursor,
      epoch: done.epoch ?? cursor.epoch,
      shippedThrough: Math.max(cursor.shippedThrough, done.nextSequence - 1),
      segment: done.nextSegment,
      offset: 0,
    });
    await removeShipped(this.#directory, done.nextSegment);
  }

  #lose(rows: number, fault: string, segment = this.#current.segment): void {
    this.tally.lostRows += rows;
    this.#options.log.error(
      { spool: this.spoolId, segment, rows, fault },
      "records of the spool cannot be read and were set aside",
    );
  }

  get #current(): Cursor {
    return this.#cursor ?? newCursor(this.spoolId);
  }

  get #intent(): NonNullable<Cursor["intent"]> {
    const { intent } = this.#current;
    if (intent === null) throw new Error("A batch is delivered only under an intent");
    return intent;
  }

  #setWork(work: readonly ShipWork[]): void {
    this.#cursor = { ...this.#current, intent: { ...this.#intent, work: [...work] } };
  }

  async #save(): Promise<void> {
    if (this.#dirty) await this.#write(this.#current);
  }

  async #write(cursor: Cursor): Promise<void> {
    await writeCursor(this.#directory, cursor);
    this.#cursor = cursor;
    this.#dirty = false;
  }
}
