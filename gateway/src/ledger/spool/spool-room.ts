import { stat } from "node:fs/promises";
import { join } from "node:path";
import { readCursor } from "./cursor.ts";
import type { FullReason } from "./errors.ts";
import type { SegmentFiles } from "./segment-file.ts";
import { listSegments } from "./segment-name.ts";

const REFRESH_MS = 1000;
const MIN_HEADROOM_BYTES = 262_144;
const MAX_HEADROOM_BYTES = 67_108_864;

/** What the room knows of the segment that is being written. */
export interface ActiveBytes {
  readonly name: string;
  readonly bytes: number;
}

/**
 * How many bytes of the spool wait to be shipped. It counts what the writer adds, and looks at
 * the directory at most once a second to notice what control has shipped or deleted.
 */
export class SpoolRoom {
  readonly #directory: string;
  readonly #maxBytes: number;
  readonly #headroomBytes: number;
  readonly #files: SegmentFiles;
  readonly #now: () => number;
  readonly #active: () => ActiveBytes | undefined;
  /** Sizes of segments that take no more frames. */
  readonly #sealed = new Map<string, number>();
  #sealedBytes = 0;
  #shipped: { readonly segment: string; readonly offset: number } = { segment: "", offset: 0 };
  #diskFull = false;
  #refreshedAtMs = Number.NEGATIVE_INFINITY;
  #refreshing: Promise<void> | undefined;

  constructor(options: {
    directory: string;
    maxBytes: number;
    files: SegmentFiles;
    now: () => number;
    active: () => ActiveBytes | undefined;
  }) {
    this.#directory = options.directory;
    this.#maxBytes = options.maxBytes;
    this.#headroomBytes = headroom(options.maxBytes);
    this.#files = options.files;
    this.#now = options.now;
    this.#active = options.active;
  }

  /** Unshipped bytes, as far as known. */
  get bytes(): number {
    const active = this.#active();
    if (active === undefined) return this.#sealedBytes;
    return this.#sealedBytes + this.#unshipped(active.name, active.bytes);
  }

  get segments(): number {
    return this.#sealed.size + (this.#active() === undefined ? 0 : 1);
  }

  /** Whether a new call may be admitted: leaves head-room for those already admitted. */
  hasRoom(): boolean {
    this.#refreshWhenDue();
    return !this.#diskFull && this.bytes + this.#headroomBytes < this.#maxBytes;
  }

  /** Why nothing more may be appended, if so. A full disk is found out by writing. */
  refusal(queuedBytes: number): FullReason | undefined {
    this.#refreshWhenDue();
    return this.bytes + queuedBytes >= this.#maxBytes ? "spool" : undefined;
  }

  /** A write found the disk full: no call is admitted until there is head-room again. */
  diskWasFull(): void {
    this.#diskFull = true;
  }

  sealed(segment: ActiveBytes): void {
    this.#sealed.set(segment.name, segment.bytes);
    this.#sealedBytes += this.#unshipped(segment.name, segment.bytes);
    this.#refreshedAtMs = Number.NEGATIVE_INFINITY;
  }

  /** Looks at the directory, the cursor and the disk now. */
  async refresh(): Promise<void> {
    this.#refreshing ??= this.#refresh().finally(() => {
      this.#refreshing = undefined;
    });
    await this.#refreshing;
  }

  async #refresh(): Promise<void> {
    this.#refreshedAtMs = this.#now();
    const cursor = await readCursor(this.#directory);
    const free = await this.#files.freeBytes(this.#directory);
    const known = new Set(this.#sealed.keys());
    const segments = await listSegments(this.#directory);
    for (const { name } of segments) {
      if (this.#sealed.has(name) || name === this.#active()?.name) continue;
      const { size } = await stat(join(this.#directory, name));
      if (name !== this.#active()?.name) this.#sealed.set(name, size);
    }
    // From here on without a pause, so that no segment is sealed in between.
    const present = new Set(segments.map((segment) => segment.name));
    if (cursor !== null) this.#shipped = { segment: cursor.segment, offset: cursor.offset };
    this.#sealedBytes = 0;
    for (const [name, bytes] of this.#sealed) {
      // One that was sealed since the listing is missing from it, and yet there.
      if (known.has(name) && !present.has(name)) this.#sealed.delete(name);
      else this.#sealedBytes += this.#unshipped(name, bytes);
    }
    this.#diskFull = free < this.#headroomBytes;
  }

  #unshipped(segment: string, bytes: number): number {
    if (segment < this.#shipped.segment) return 0;
    return segment === this.#shipped.segment ? Math.max(0, bytes - this.#shipped.offset) : bytes;
  }

  #refreshWhenDue(): void {
    // A clock that steps back must not put the look off.
    if (Math.abs(this.#now() - this.#refreshedAtMs) < REFRESH_MS) return;
    // What cannot be read now is read in a second: the figures stay on the safe side.
    void this.refresh().catch(() => undefined);
  }
}

function headroom(maxBytes: number): number {
  const share = Math.min(Math.max(maxBytes / 8, MIN_HEADROOM_BYTES), MAX_HEADROOM_BYTES);
  return Math.min(share, maxBytes / 2);
}
