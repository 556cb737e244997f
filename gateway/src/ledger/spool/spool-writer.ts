import type { HeldLock } from "../lock/hold-lock.ts";
import { ActiveSegment } from "./active-segment.ts";
import { isDone } from "./is-done.ts";
import { Batch } from "./batch.ts";
import { Committer } from "./committer.ts";
import {
  type FullReason,
  isOutOfSpace,
  SpoolClosedError,
  SpoolFullError,
  SpoolWriteError,
} from "./errors.ts";
import { frameTypeOf } from "./frame-type.ts";
import { encodeRecord, type LedgerRecord, lineOf } from "../rows/record.ts";
import type { Spool, SpoolOptions } from "./open-spool.ts";
import type { Recovery } from "./recover-spool.ts";
import { SpoolRoom } from "./spool-room.ts";
import type { SpoolStatus } from "./spool-status.ts";
import { turnEnd } from "./turn-end.ts";

/** Handed in but not written: beyond this the disk has stalled and calls are refused. */
const MAX_QUEUE_BYTES = 8_388_608;
/** The longest that a record which nobody waits for stays out of the kernel. */
const SOON_MS = 5;

/** The writer behind {@link Spool}: one write under way, the next one gathering. */
export class SpoolWriter implements Spool {
  readonly id: string;
  readonly #options: Required<Omit<SpoolOptions, "lockWaitMs">>;
  readonly #lock: HeldLock;
  readonly #room: SpoolRoom;
  readonly #committer: Committer;
  readonly #recovery: Recovery;
  readonly #epoch: number;
  #nextSequence: number;
  #segment: ActiveSegment | undefined;
  #filling = new Batch();
  #spare = new Batch();
  #writing: Batch | undefined;
  #flushing: Promise<void> | undefined;
  #commitTimer: NodeJS.Timeout | undefined;
  #later: NodeJS.Timeout | undefined;
  #closed: Promise<void> | undefined;
  #counts = { appended: 0, bytes: 0, dropped: 0, refused: 0, failed: 0, writes: 0, badCommits: 0 };

  constructor(
    options: Required<Omit<SpoolOptions, "lockWaitMs">>,
    recovery: Recovery,
    lock: HeldLock,
  ) {
    this.id = options.spoolId;
    this.#options = options;
    this.#lock = lock;
    this.#recovery = recovery;
    this.#epoch = recovery.epoch ?? options.now();
    this.#nextSequence = recovery.nextSequence;
    this.#committer = new Committer(options.files, options.directory);
    this.#room = new SpoolRoom({
      directory: options.directory,
      maxBytes: options.maxSpoolBytes,
      files: options.files,
      now: options.now,
      active: () => this.#segment,
    });
  }

  /** Learns what the directory already holds. */
  async start(): Promise<void> {
    await this.#room.refresh();
  }

  append(record: LedgerRecord): Promise<void> {
    const written = this.#queue(record);
    this.#flushing ??= this.#flush();
    return written;
  }

  appendSoon(record: LedgerRecord): Promise<void> {
    const written = this.#queue(record);
    this.#later ??= setTimeout(() => {
      this.#flushing ??= this.#flush();
    }, SOON_MS);
    return written;
  }

  #queue(record: LedgerRecord): Promise<void> {
    if (this.#closed !== undefined) return Promise.reject(new SpoolClosedError());
    const full = this.#refusal();
    if (full !== undefined) return this.#turnAway(full);
    const batch = this.#filling;
    const sequence = this.#nextSequence;
    try {
      const { type, version, timeMs, fields } = encodeRecord(record);
      const line = lineOf({ spoolId: this.id, epoch: this.#epoch, sequence }, fields);
      batch.add({ sequence, timeMs, type: frameTypeOf(type), version }, line);
    } catch (error) {
      this.#counts.failed += 1;
      return Promise.reject(error);
    }
    this.#nextSequence += 1;
    return batch.written;
  }

  hasRoom(): boolean {
    return this.#room.hasRoom();
  }

  status(): SpoolStatus {
    const counts = this.#counts;
    return {
      id: this.id,
      epoch: this.#epoch,
      nextSequence: this.#nextSequence,
      hasRoom: this.#room.hasRoom(),
      bytes: this.#room.bytes,
      maxBytes: this.#options.maxSpoolBytes,
      segments: this.#room.segments,
      queuedBytes: this.#queuedBytes,
      queuedRecords: this.#filling.records + (this.#writing?.records ?? 0),
      appendedRecords: counts.appended,
      appendedBytes: counts.bytes,
      droppedRecords: counts.dropped,
      refusedRecords: counts.refused,
      failedRecords: counts.failed,
      writes: counts.writes,
      commits: this.#committer.commits,
      commitFailures: counts.badCommits,
      lastCommitMs: this.#committer.lastCommitMs,
      truncatedBytes: this.#recovery.truncatedBytes,
      corruptBytes: this.#recovery.corruptBytes,
    };
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  get #queuedBytes(): number {
    return this.#filling.bytes + (this.#writing?.bytes ?? 0);
  }

  #refusal(): FullReason | undefined {
    if (this.#filling.bytes >= MAX_QUEUE_BYTES) return "queue";
    return this.#room.refusal(this.#queuedBytes);
  }

  #turnAway(reason: FullReason): Promise<void> {
    if (this.#options.whenFull === "drop-and-count") {
      this.#counts.dropped += 1;
      return Promise.resolve();
    }
    this.#counts.refused += 1;
    return Promise.reject(new SpoolFullError(reason));
  }

  async #flush(): Promise<void> {
    // What this turn of the event loop hands in, on whatever connections, goes out together.
    await turnEnd();
    clearTimeout(this.#later);
    this.#later = undefined;
    while (this.#filling.records > 0) {
      const batch = this.#filling;
      this.#filling = this.#spare;
      this.#writing = batch;
      await this.#write(batch);
      this.#writing = undefined;
      batch.clear();
      this.#spare = batch;
    }
    this.#flushing = undefined;
  }

  /** Writes one batch and settles its promise; never throws. */
  async #write(batch: Batch): Promise<void> {
    try {
      const segment = await this.#segmentFor(batch);
      await segment.append(batch.buffer, batch.bytes);
      this.#committer.wrote(segment.file);
    } catch (error) {
      this.#rollBack(batch, error);
      return;
    }
    this.#counts.writes += 1;
    if (this.#options.commit === "sync") {
      if (!(await this.#commit())) {
        this.#counts.failed += batch.records;
        batch.reject(new SpoolWriteError("sync"));
        return;
      }
    } else this.#commitLater();
    this.#counts.appended += batch.records;
    this.#counts.bytes += batch.bytes;
    batch.resolve();
  }

  /**
   * What is queued fails with the batch. The numbers are not used again: control may already
   * have read a whole frame of a write that then stopped short.
   */
  #rollBack(batch: Batch, cause: unknown): void {
    const full = isOutOfSpace(cause);
    if (full) this.#room.diskWasFull();
    const error = full
      ? new SpoolFullError("disk", { cause })
      : new SpoolWriteError("write", { cause });
    this.#options.onError(error);
    this.#settleFailed(batch, error);
    this.#settleFailed(this.#filling, error);
    this.#filling.clear();
  }

  #settleFailed(batch: Batch, error: SpoolFullError | SpoolWriteError): void {
    if (error instanceof SpoolWriteError) this.#counts.failed += batch.records;
    else if (this.#options.whenFull === "drop-and-count") {
      this.#counts.dropped += batch.records;
      batch.resolve();
      return;
    } else this.#counts.refused += batch.records;
    batch.reject(error);
  }

  async #segmentFor(batch: Batch): Promise<ActiveSegment> {
    const current = this.#segment;
    if (current !== undefined) {
      if (!isDone(current, batch.bytes, this.#options)) return current;
      await this.#endSegment(current, batch.firstSequence);
    }
    const { files, directory, now } = this.#options;
    this.#segment = await ActiveSegment.create(files, directory, {
      spoolId: this.id,
      firstSequence: batch.firstSequence,
      createdAtMs: now(),
      epoch: this.#epoch,
    });
    this.#committer.created();
    return this.#segment;
  }

  async #endSegment(segment: ActiveSegment, nextSequence: number): Promise<void> {
    // Without its seal a segment still ends where the next one begins.
    if (!segment.broken) {
      await segment.seal(nextSequence).catch((error: Error) => this.#options.onError(error));
      this.#committer.wrote(segment.file);
    }
    this.#committer.retire(segment.file);
    this.#segment = undefined;
    this.#room.sealed(segment);
  }

  #commitLater(): void {
    this.#commitTimer ??= setTimeout(() => {
      void this.#commit().finally(() => {
        this.#commitTimer = undefined;
        if (this.#committer.isDirty && this.#closed === undefined) this.#commitLater();
      });
    }, this.#options.commitIntervalMs).unref();
  }

  /** @returns whether everything written so far is durable. */
  async #commit(): Promise<boolean> {
    try {
      await this.#committer.commit();
      return true;
    } catch (cause) {
      this.#counts.badCommits += 1;
      // The kernel drops pages it could not write: further frames must not stand after a hole.
      if (this.#segment !== undefined) this.#segment.failed = true;
      this.#options.onError(new SpoolWriteError("sync", { cause }));
      return false;
    }
  }

  async #close(): Promise<void> {
    this.#flushing ??= this.#flush();
    await this.#flushing;
    clearTimeout(this.#commitTimer);
    try {
      if (this.#segment !== undefined) await this.#endSegment(this.#segment, this.#nextSequence);
      await this.#committer.commit();
    } finally {
      this.#lock.release();
    }
  }
}
