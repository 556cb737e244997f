import { join } from "node:path";
import type { Cursor } from "../spool/cursor.ts";
import type { Frame } from "../spool/frame.ts";
import { auditLeavesOf } from "./audit-leaves.ts";
import { CursorKeeper, type Intent } from "./cursor-keeper.ts";
import { Delivery } from "./delivery.ts";
import type { RowSource } from "./insert-work.ts";
import { type Destination, groupFrames } from "./plan-work.ts";
import { measureLag, type Next, nextBatch } from "./next-batch.ts";
import { removeShipped, setAside } from "./set-aside.ts";
import { newTally } from "./tally.ts";
import type { ShippedBatch, ShipperOptions } from "./start-shipper.ts";

type Batch = Extract<Next, { kind: "batch" }>;
/** A batch whose audited rows are in the audit log, so that it may be inserted. */
type LoggedBatch = Batch & { readonly groups: ReadonlyMap<Destination, readonly Frame[]> };
type SegmentDone = Extract<Next, { kind: "segment-done" }>;
type Position = Pick<Cursor, "segment" | "offset" | "shippedThrough">;

/**
 * Ships one spool, batch after batch. After a failure, and after a crash, the batch under way is
 * repeated exactly: its range, its work and so its tokens stand in the cursor.
 */
export class SpoolShipper {
  readonly spoolId: string;
  readonly #options: ShipperOptions;
  readonly #directory: string;
  #keeper: CursorKeeper | undefined;
  readonly tally = newTally();

  constructor(options: ShipperOptions, spoolId: string) {
    this.#options = options;
    this.spoolId = spoolId;
    this.#directory = join(options.spoolRoot, spoolId);
  }

  get cursor(): Cursor | undefined {
    return this.#keeper?.current;
  }

  /**
   * Ships up to `maxBatches` batches, fewer when `stopped` says so or nothing is left.
   * @returns whether there is more. @throws what ClickHouse or the disk threw: call again later.
   */
  async ship(maxBatches: number, stopped: () => boolean): Promise<boolean> {
    this.#keeper ??= await CursorKeeper.open(this.#directory, this.spoolId);
    try {
      return await this.#ship(this.#keeper, maxBatches, stopped);
    } finally {
      this.tally.lagBytes = await measureLag(this.#directory, this.#keeper.current);
    }
  }

  async #ship(keeper: CursorKeeper, maxBatches: number, stopped: () => boolean): Promise<boolean> {
    if (keeper.current.intent !== null) await this.#repeat(keeper, keeper.current.intent);
    let next: Exclude<Next, Batch> | LoggedBatch | undefined;
    for (let left = maxBatches; left > 0 && !stopped();) {
      next ??= await this.#prepare(keeper.current);
      if (next.kind === "idle") {
        this.tally.oldestUnshippedAtMs = null;
        this.tally.fault = next.fault ?? "";
        await keeper.save();
        return false;
      }
      if (next.kind === "segment-done") {
        await this.#endSegment(keeper, next);
        next = undefined;
      } else {
        left -= 1;
        // Read, checked and made leaves of while ClickHouse is busy with the batch before it.
        const following = left > 0 ? this.#prepare(endOf(next)) : undefined;
        following?.catch(() => undefined);
        await this.#begin(keeper, next);
        next = await following;
      }
    }
    await keeper.save();
    return true;
  }

  async #prepare(position: Position): Promise<Exclude<Next, Batch> | LoggedBatch> {
    const { batchRows: rows, batchBytes: bytes } = this.#options;
    const next = await nextBatch(this.#directory, position, { rows, bytes });
    return next.kind === "batch" ? this.#log(next) : next;
  }

  /** A leaf may be in the audit log long before its row is in ClickHouse, never the other way. */
  async #log(batch: Batch): Promise<LoggedBatch> {
    const groups = groupFrames(batch.frames);
    await this.#options.audit?.append(auditLeavesOf(this.#sourceOf(batch), groups));
    return { ...batch, groups };
  }

  #sourceOf({ epoch }: Batch): RowSource {
    return { spoolId: this.spoolId, epoch };
  }

  /** Ships a batch for the first time. */
  async #begin(keeper: CursorKeeper, batch: LoggedBatch): Promise<void> {
    const delivery = new Delivery(this.#options, keeper, this.#sourceOf(batch), batch.groups);
    const first = batch.frames[0]?.sequence ?? keeper.current.shippedThrough + 1;
    const last = batch.frames.at(-1)?.sequence ?? keeper.current.shippedThrough;
    const work = delivery.plan(first, last);
    await keeper.write({ epoch: batch.epoch, intent: { first, last, dead: 0, work } });
    this.tally.oldestUnshippedAtMs = batch.frames[0]?.timeMs ?? null;
    await delivery.run(false);
    this.#finish(keeper, batch);
  }

  /** Ships the batch under way once more, after a failure or a crash. */
  async #repeat(keeper: CursorKeeper, intent: Intent): Promise<void> {
    const batch = await this.#log(await this.#readAgain(keeper.current, intent));
    const delivery = new Delivery(this.#options, keeper, this.#sourceOf(batch), batch.groups);
    this.tally.oldestUnshippedAtMs = batch.frames[0]?.timeMs ?? null;
    await delivery.run(true);
    // A roll-up may have lost, or got twice, what its table has once: see docs/decisions.
    const days = new Set(delivery.plan(0, 0).map(({ partition }) => partition));
    await this.#options.onRepeated?.([...days]);
    this.#finish(keeper, batch);
  }

  async #readAgain(cursor: Cursor, intent: Intent): Promise<Batch> {
    const frames: Frame[] = [];
    const { batchBytes: bytes } = this.#options;
    const { segment, offset, shippedThrough } = cursor;
    let position: Position = { segment, offset, shippedThrough };
    while (position.shippedThrough < intent.last) {
      const rows = intent.last - position.shippedThrough;
      const limits = { rows, bytes, through: intent.last };
      const next = await nextBatch(this.#directory, position, limits);
      if (next.kind !== "batch") break;
      frames.push(...next.frames);
      position = endOf(next);
    }
    const lost = intent.last - position.shippedThrough;
    if (lost > 0) this.#lose(lost, "a batch that had been begun is gone", cursor.segment);
    return { kind: "batch", frames, epoch: cursor.epoch, ...position };
  }

  #finish(keeper: CursorKeeper, batch: Pick<Batch, "frames" | "segment" | "offset">): void {
    const { first, last, dead } = keeper.intent;
    const rows = Math.max(0, batch.frames.length - dead);
    // The next batch's intent, or the end of this round, makes it durable: one write a batch.
    keeper.set({
      shippedThrough: last,
      segment: batch.segment,
      offset: batch.offset,
      shippedRows: keeper.current.shippedRows + rows,
      intent: null,
    });
    this.tally.batches += 1;
    this.tally.frames += batch.frames.length;
    for (const frame of batch.frames) this.tally.frameBytes += frame.bytes;
    const shipped: ShippedBatch = { spoolId: this.spoolId, first, last, rows, dead };
    this.#options.onBatch?.(shipped);
  }

  async #endSegment(keeper: CursorKeeper, done: SegmentDone): Promise<void> {
    if (done.damage !== undefined) {
      const { spoolRoot } = this.#options;
      const { offset } = done.damage;
      const bytes = await setAside(spoolRoot, this.spoolId, done.segment, offset);
      this.tally.corruptBytes += bytes;
    }
    if (done.lostRows > 0 || done.damage !== undefined)
      this.#lose(done.lostRows, done.damage?.fault ?? "records are missing", done.segment);
    const { epoch, shippedThrough } = keeper.current;
    await keeper.write({
      epoch: done.epoch ?? epoch,
      shippedThrough: Math.max(shippedThrough, done.nextSequence - 1),
      segment: done.nextSegment,
      offset: 0,
    });
    await removeShipped(this.#directory, done.nextSegment);
  }

  #lose(rows: number, fault: string, segment: string): void {
    this.tally.lostRows += rows;
    this.#options.log.error(
      { spool: this.spoolId, segment, rows, fault },
      "records of the spool cannot be read and were set aside",
    );
  }
}

/** Where the record after a batch stands. */
function endOf({ frames, segment, offset }: Batch): Position {
  return { segment, offset, shippedThrough: frames.at(-1)?.sequence ?? 0 };
}
