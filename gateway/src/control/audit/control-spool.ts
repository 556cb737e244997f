import { join } from "node:path";
import type { Config } from "../../config/schema.ts";
import { openSpool, type Spool } from "../../ledger/spool/open-spool.ts";
import type { LedgerRecord } from "../../ledger/rows/record.ts";
import type { SegmentFiles } from "../../ledger/spool/segment-file.ts";

const controlSpoolId = "control";
/** Short: what has been shipped, and names a person who is to be erased, soon leaves the disk. */
const segmentAgeMs = 1_000;

export interface ControlSpoolOptions {
  readonly config: Pick<Config, "ledger">;
  readonly dataDir: string;
  readonly now: () => number;
  readonly onError: (error: Error) => void;
  /** Replaced by tests that fill or break the disk. */
  readonly files?: SegmentFiles;
}

/** Control's own spool: changes and accesses. What it has taken is on the disk. */
export class ControlSpool {
  readonly directory: string;
  readonly #options: ControlSpoolOptions;
  #spool: Spool | null = null;
  #opening: Promise<void> | null = null;

  constructor(options: ControlSpoolOptions) {
    this.#options = options;
    this.directory = join(options.dataDir, "spool", controlSpoolId);
  }

  /** Opens it unless it is open. @throws what `openSpool` throws: call again later. */
  open(): Promise<void> {
    if (this.#spool !== null) return Promise.resolve();
    this.#opening ??= this.#open().finally(() => {
      this.#opening = null;
    });
    return this.#opening;
  }

  /** Whether it may be counted on to take another record. */
  hasRoom(): boolean {
    return this.#spool?.hasRoom() ?? false;
  }

  /** Bytes that wait to be shipped. */
  get bytes(): number {
    return this.#spool?.status().bytes ?? 0;
  }

  /** Resolves once the record is on the disk. @throws what {@link Spool.append} throws. */
  async append(record: LedgerRecord): Promise<void> {
    if (this.#spool === null) throw new Error("The spool of control could not be opened yet.");
    await this.#spool.append(record);
  }

  async close(): Promise<void> {
    await this.#opening?.catch(() => undefined);
    await this.#spool?.close();
    this.#spool = null;
  }

  async #open(): Promise<void> {
    const { config, now, onError, files } = this.#options;
    const { commitIntervalMs, segmentBytes, maxSpoolBytes } = config.ledger;
    this.#spool = await openSpool({
      directory: this.directory,
      spoolId: controlSpoolId,
      // Whatever proxies do with calls: a change or an access is never dropped, and never unsynced.
      commit: "sync",
      whenFull: "refuse",
      commitIntervalMs,
      segmentBytes,
      segmentAgeMs,
      maxSpoolBytes,
      now,
      onError,
      ...(files !== undefined && { files }),
    });
  }
}
