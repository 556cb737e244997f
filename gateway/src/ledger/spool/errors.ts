/** Why `append` refused: the spool's own limit, its queue in memory, or the disk. */
export type FullReason = "spool" | "queue" | "disk";

const FULL_MESSAGES: Record<FullReason, string> = {
  spool:
    "The spool holds as many unshipped bytes as ledger.maxSpoolBytes allows. " +
    "See why control does not ship (weir doctor), or raise the limit.",
  queue: "The disk does not keep up with the rows to be written. Retry shortly.",
  disk: "No space is left on the device that holds the spool. Free some; Weir then goes on by itself.",
};

/** The record is not in the spool and never will be; the caller must refuse the call. */
export class SpoolFullError extends Error {
  readonly code = "WEIR_SPOOL_FULL";
  readonly reason: FullReason;

  constructor(reason: FullReason, options?: ErrorOptions) {
    super(FULL_MESSAGES[reason], options);
    this.name = "SpoolFullError";
    this.reason = reason;
  }
}

/** The operating system refused a write or a sync, for another reason than a full disk. */
export class SpoolWriteError extends Error {
  readonly code = "WEIR_SPOOL_WRITE";

  constructor(action: string, options?: ErrorOptions) {
    super(`The spool could not ${action}. Look at the disk and its permissions.`, options);
    this.name = "SpoolWriteError";
  }
}

/** One record is larger than a frame may be. Nothing was written. */
export class SpoolRecordTooLargeError extends Error {
  readonly code = "WEIR_SPOOL_RECORD_TOO_LARGE";

  constructor(maxBytes: number) {
    super(`A ledger record may have at most ${maxBytes} bytes. Bound its lists and texts.`);
    this.name = "SpoolRecordTooLargeError";
  }
}

/** `append` after `close`. */
export class SpoolClosedError extends Error {
  readonly code = "WEIR_SPOOL_CLOSED";

  constructor() {
    super("The spool is closed: nothing more can be recorded by this process.");
    this.name = "SpoolClosedError";
  }
}

/** What stands in the spool cannot be what Weir wrote. Reported, never thrown at a caller of append. */
export class SpoolCorruptError extends Error {
  readonly code = "WEIR_SPOOL_CORRUPT";

  constructor(segment: string, offset: number, detail: string) {
    super(`Spool segment ${segment} is damaged at byte ${offset}: ${detail}`);
    this.name = "SpoolCorruptError";
  }
}

/** @returns whether the system said that the device or the quota has no room left. */
export function isOutOfSpace(error: unknown): boolean {
  if (!(error instanceof Error) || !("code" in error)) return false;
  return error.code === "ENOSPC" || error.code === "EDQUOT";
}

/** The directory and the id do not belong together. */
export class SpoolDirectoryError extends Error {
  readonly code = "WEIR_SPOOL_DIRECTORY";

  constructor(directory: string, spoolId: string) {
    super(
      `Spool ${spoolId} must lie in a directory of its own name, not in ${directory}, ` +
        "and be named with letters, digits, dots and dashes alone.",
    );
    this.name = "SpoolDirectoryError";
  }
}
