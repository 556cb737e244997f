/** How far one spool has been shipped, as control sees it. */
export interface SpoolShipStatus {
  readonly spoolId: string;
  /** Everything up to this sequence is in ClickHouse or among the dead letters. */
  readonly shippedThrough: number;
  /** Gauge: bytes in the spool that wait, as of the last look. */
  readonly lagBytes: number;
  /** Gauge: the same in records; an estimate from the average size so far. */
  readonly lagRows: number;
  /** Gauge: event time of the oldest record that waits, null when none does. */
  readonly oldestUnshippedAtMs: number | null;
  readonly oldestUnshippedAgeMs: number;
  /** Over the life of the spool. */
  readonly shippedRows: number;
  readonly deadRows: number;
  /** Counters since this process began. */
  readonly batches: number;
  readonly failures: number;
  /** Records that could not be read any more, and bytes that were set aside for it. */
  readonly lostRows: number;
  readonly corruptBytes: number;
  readonly consecutiveFailures: number;
  readonly nextAttemptAtMs: number;
  /** Empty when the last attempt went well. */
  readonly lastError: string;
}

/** The shipper as a whole; sums are over the spools that are there. */
export interface ShipperStatus {
  readonly spools: readonly SpoolShipStatus[];
  readonly shippedRows: number;
  readonly deadRows: number;
  /** Gauge: bytes in all spools that wait. */
  readonly pendingBytes: number;
  readonly pendingRows: number;
  readonly oldestUnshippedAgeMs: number;
  readonly failures: number;
  readonly lastShippedAtMs: number | null;
  readonly lastError: string;
}
