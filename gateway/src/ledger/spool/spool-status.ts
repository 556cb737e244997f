/** One spool as its writer sees it. Counters start at 0 with the process. */
export interface SpoolStatus {
  readonly id: string;
  /** When this spool was started from nothing, Unix milliseconds. */
  readonly epoch: number;
  /** The sequence that the next record gets. */
  readonly nextSequence: number;
  readonly hasRoom: boolean;
  /** Gauge: bytes not shipped yet; at most a second behind what control did. */
  readonly bytes: number;
  readonly maxBytes: number;
  /** Gauge: segment files, the active one included. */
  readonly segments: number;
  /** Gauge: bytes and records handed in but not yet written. */
  readonly queuedBytes: number;
  readonly queuedRecords: number;
  /** Counters. */
  readonly appendedRecords: number;
  readonly appendedBytes: number;
  /** Lost on purpose, because `ledger.whenFull` is `drop-and-count`. */
  readonly droppedRecords: number;
  /** Refused because the spool, its queue or the disk was full. */
  readonly refusedRecords: number;
  /** Rejected because writing or syncing failed in another way, or the record was too large. */
  readonly failedRecords: number;
  readonly writes: number;
  readonly commits: number;
  readonly commitFailures: number;
  /** Gauge: how long the last commit took. */
  readonly lastCommitMs: number;
  /** Found at opening: a torn tail that was cut, and damage that was set aside. */
  readonly truncatedBytes: number;
  readonly corruptBytes: number;
}
