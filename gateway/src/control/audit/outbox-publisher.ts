import { auditUnavailable } from "../store/change.ts";
import type { Store } from "../store/open-store.ts";
import type { ControlSpool } from "./control-spool.ts";
import type { Recorded } from "./find-recorded.ts";
import {
  claimUnpublished,
  countUnpublished,
  markPublished,
  readClaimed,
  refuseChangesUntil,
  toAdminEvent,
} from "./outbox.ts";
import type { OutboxStatus } from "../../contracts/api/audit.ts";

export interface OutboxPublisherOptions {
  readonly store: Store;
  /** Tells this control from others that share the store; see {@link openControlId}. */
  readonly openControlId: () => Promise<string>;
  readonly spool: ControlSpool;
  readonly findRecorded: (ids: readonly string[]) => Promise<Recorded>;
  readonly now: () => number;
  readonly log: {
    readonly info: (fields: object, message: string) => void;
    readonly error: (fields: object, message: string) => void;
  };
}

const pollIntervalMs = 50;
const maxRetryMs = 2_000;
const batchChanges = 100;
/** How long other processes keep refusing changes after the last word of this one. */
const refusalMs = 10_000;

/**
 * Puts every change of the control store into the control spool, exactly once, oldest first. Of
 * several controls that share the store each takes some.
 *
 * A change commits with its log entry, and so waits here at the latest. To publish it is to claim
 * it, to append it, to mark it: two files that no transaction spans. Whoever dies in between
 * leaves a claim without a mark, and only such a change may be in the spool already; it is looked
 * for (see findRecorded) before anything else is published. More: docs/decisions.
 */
export class OutboxPublisher {
  readonly #options: OutboxPublisherOptions;
  /** Appends that failed, though the bytes may be in the file. */
  readonly #doubtful = new Set<string>();
  #hasOpenClaims = true;
  /** Empty until it has been read. */
  #controlId = "";
  #problem = "it has not been opened yet";
  #waiting: { changes: number; oldestAtMs: number | null } = { changes: 0, oldestAtMs: null };
  #failures = 0;
  #failuresInARow = 0;
  /** The store may say that changes are refused: this process, or one before it, has told it. */
  #maySayRefused = true;
  #toldAtMs = Number.NEGATIVE_INFINITY;
  #running: Promise<void> = Promise.resolve();
  #timer: NodeJS.Timeout | null = null;
  #isStopped = false;

  constructor(options: OutboxPublisherOptions) {
    this.#options = options;
  }

  /** Publishes what waits, and from now on whatever comes. Never rejects: failures are retried. */
  async start(): Promise<void> {
    await this.publishNow().catch(() => undefined);
    this.#schedule();
  }

  /** Publishes all that has been committed. @throws the first failure. */
  publishNow(): Promise<void> {
    const done = this.#running.then(() => this.#attempt());
    this.#running = done.catch(() => undefined);
    return done;
  }

  /** @throws {ControlError} WEIR_AUDIT_UNAVAILABLE while a change could not be recorded. */
  readonly assertRecordable = (): void => {
    if (!this.#isAccepting) throw auditUnavailable();
  };

  status(): OutboxStatus {
    const { spool, now } = this.#options;
    const { changes, oldestAtMs } = this.#waiting;
    return {
      isAccepting: this.#isAccepting,
      unpublishedChanges: changes,
      oldestUnpublishedAgeMs: oldestAtMs === null ? 0 : Math.max(0, now() - oldestAtMs),
      spoolBytes: spool.bytes,
      failures: this.#failures,
      lastError: this.#problem,
    };
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    if (this.#timer !== null) clearTimeout(this.#timer);
    await this.#running;
  }

  get #isAccepting(): boolean {
    return this.#problem === "" && !this.#maySayRefused && this.#options.spool.hasRoom();
  }

  #schedule(): void {
    if (this.#isStopped) return;
    const waitMs = Math.min(pollIntervalMs * 2 ** this.#failuresInARow, maxRetryMs);
    this.#timer = setTimeout(() => {
      void this.publishNow()
        .catch(() => undefined)
        .finally(() => this.#schedule());
    }, waitMs);
  }

  async #attempt(): Promise<void> {
    const { store, spool, log, openControlId } = this.#options;
    try {
      if (this.#controlId === "") this.#controlId = await openControlId();
      await spool.open();
      if (this.#hasOpenClaims) await this.#settleClaims();
      while (await this.#publishBatch());
      if (this.#failuresInARow > 0) log.info({}, "changes are recorded again");
      this.#problem = "";
      this.#failuresInARow = 0;
      this.#waiting = { changes: 0, oldestAtMs: null };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      if (reason !== this.#problem) log.error({ reason }, "changes cannot be recorded: refused");
      this.#problem = reason;
      this.#failures += 1;
      this.#failuresInARow += 1;
      this.#waiting = await countUnpublished(store, this.#controlId).catch(() => this.#waiting);
      throw error;
    } finally {
      await this.#tellOthers().catch(() => undefined);
    }
  }

  /** Marks what an earlier attempt, of whatever process, has appended. */
  async #settleClaims(): Promise<void> {
    const { store, findRecorded, now } = this.#options;
    const claimed = await readClaimed(store, this.#controlId);
    if (claimed.length > 0) {
      const { inSpool, inAuditLog } = await findRecorded(claimed);
      const isKept = (id: string) =>
        inAuditLog.has(id) || (inSpool.has(id) && !this.#doubtful.has(id));
      await markPublished(store, claimed.filter(isKept), now());
      // Its bytes are in the file, but maybe not on the disk. Once it is shipped it is somewhere.
      if (claimed.some((id) => inSpool.has(id) && !isKept(id)))
        throw new Error("a change was written but not synced; it waits to be shipped");
    }
    this.#doubtful.clear();
    this.#hasOpenClaims = false;
  }

  /** @returns whether there may be more. */
  async #publishBatch(): Promise<boolean> {
    const { store, spool, now } = this.#options;
    // Before: whether a claim was made is not known either when the store's answer is lost.
    this.#hasOpenClaims = true;
    const rows = await claimUnpublished(store, {
      controlId: this.#controlId,
      limit: batchChanges,
      atMs: now(),
    });
    if (rows.length === 0) {
      this.#hasOpenClaims = false;
      return false;
    }
    const ids = rows.map(({ id }) => id);
    const results = await Promise.allSettled(
      rows.map((row) => spool.append({ type: "admin", event: toAdminEvent(row) })),
    );
    const isIn = (index: number) => results[index]?.status === "fulfilled";
    await markPublished(
      store,
      ids.filter((_id, index) => isIn(index)),
      now(),
    );
    const failed = results.find((result) => result.status === "rejected");
    if (failed !== undefined) {
      for (const [index, id] of ids.entries()) if (!isIn(index)) this.#doubtful.add(id);
      throw failed.reason;
    }
    this.#hasOpenClaims = false;
    return rows.length === batchChanges;
  }

  /** The command line writes to the same store, and knows nothing of this process. */
  async #tellOthers(): Promise<void> {
    const { store, spool, now } = this.#options;
    if (this.#controlId === "") return;
    const isRefusing = this.#problem !== "" || !spool.hasRoom();
    if (isRefusing) {
      if (now() - this.#toldAtMs < refusalMs / 4) return;
      this.#maySayRefused = true;
      this.#toldAtMs = now();
      await refuseChangesUntil(store, this.#controlId, now() + refusalMs);
    } else if (this.#maySayRefused) {
      await refuseChangesUntil(store, this.#controlId, 0);
      this.#maySayRefused = false;
      this.#toldAtMs = Number.NEGATIVE_INFINITY;
    }
  }
}
