import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { holdLock } from "../lock/hold-lock.ts";
import { SpoolDirectoryError } from "./errors.ts";
import type { LedgerRecord } from "../rows/record.ts";
import { isSpoolId } from "./spool-id.ts";
import { recoverSpool } from "./recover-spool.ts";
import { segmentFiles, type SegmentFiles } from "./segment-file.ts";
import type { SpoolStatus } from "./spool-status.ts";
import { SpoolWriter } from "./spool-writer.ts";

export type { SpoolStatus } from "./spool-status.ts";

export interface SpoolOptions {
  /** The spool's own directory, `<spoolRoot>/<spoolId>`; made when missing. */
  directory: string;
  spoolId: string;
  /** `interval`: a row survives the process; every `commitIntervalMs` all survive a power cut. */
  commit: "interval" | "sync";
  commitIntervalMs: number;
  segmentBytes: number;
  /** A segment older than this ends at the next append. Default one minute. */
  segmentAgeMs?: number;
  maxSpoolBytes: number;
  whenFull: "refuse" | "drop-and-count";
  now: () => number;
  /** Told of what no caller of `append` can be told: failed commits, damage found at opening. */
  onError?: (error: Error) => void;
  /** How long to wait for a dying process to let go of the spool. Default 5 s. */
  lockWaitMs?: number;
  /** Replaced by tests that fill or break the disk. */
  files?: SegmentFiles;
}

/** The write side of one proxy worker's ledger. */
export interface Spool {
  readonly id: string;
  /**
   * Resolves once the record is in the kernel (`interval`) or on the disk (`sync`).
   * @throws SpoolFullError, SpoolWriteError, SpoolRecordTooLargeError, SpoolClosedError: the
   * record is then not in the ledger, except after a failed sync, where that cannot be known.
   */
  append(record: LedgerRecord): Promise<void>;
  /**
   * The same for a record that nothing waits for: it goes out with the next one that is appended, or
   * a few milliseconds later. Half as many writes for a call and the decision on it.
   */
  appendSoon(record: LedgerRecord): Promise<void>;
  /** Whether a new call may be admitted. Turns false before `append` refuses. */
  hasRoom(): boolean;
  status(): SpoolStatus;
  /** Writes and syncs what is queued, seals the segment, lets go of the directory. */
  close(): Promise<void>;
}

const SEGMENT_AGE_MS = 60_000;
const LOCK_WAIT_MS = 5000;
/** So many segments fit the spool at least, so that shipping frees room in steps. */
const MIN_SEGMENTS = 4;

/**
 * Opens a spool after whatever happened to its last writer, and goes on with its sequence.
 * @throws LockedError when another process writes it; SpoolDirectoryError; CursorError
 */
export async function openSpool(options: SpoolOptions): Promise<Spool> {
  const { directory, spoolId } = options;
  if (basename(directory) !== spoolId || !isSpoolId(spoolId))
    throw new SpoolDirectoryError(directory, spoolId);
  await mkdir(directory, { recursive: true, mode: 0o700 });
  const lock = await holdLock(
    join(directory, "writer.lock"),
    `Spool ${spoolId}`,
    options.lockWaitMs ?? LOCK_WAIT_MS,
  );
  try {
    const recovery = await recoverSpool(directory, spoolId);
    for (const error of recovery.errors) options.onError?.(error);
    const segmentBytes = Math.min(
      options.segmentBytes,
      Math.floor(options.maxSpoolBytes / MIN_SEGMENTS),
    );
    const writer = new SpoolWriter(
      {
        ...options,
        segmentBytes,
        segmentAgeMs: options.segmentAgeMs ?? SEGMENT_AGE_MS,
        files: options.files ?? segmentFiles,
        onError: options.onError ?? (() => undefined),
      },
      recovery,
      lock,
    );
    await writer.start();
    return writer;
  } catch (error) {
    lock.release();
    throw error;
  }
}
