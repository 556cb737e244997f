import type { Config } from "../../config/schema.ts";
import type { AccessEvent } from "../../contracts/audit-event.ts";
import type { SegmentFiles } from "../../ledger/spool/segment-file.ts";
import { auditUnavailable } from "../store/change.ts";
import type { Store } from "../store/open-store.ts";
import { AuditKeeper } from "./audit-keeper.ts";
import { openControlId } from "./control-id.ts";
import { ControlSpool } from "./control-spool.ts";
import { findRecorded } from "./find-recorded.ts";
import { OutboxPublisher } from "./outbox-publisher.ts";
import type { AuditStatus, OutboxStatus } from "../../contracts/api/audit.ts";

interface TrailLog {
  readonly info: (fields: object, message: string) => void;
  readonly error: (fields: object, message: string) => void;
}

export interface TrailOptions {
  readonly config: Pick<Config, "audit" | "ledger">;
  /** Absolute path. */
  readonly dataDir: string;
  readonly store: Store;
  readonly now: () => number;
  readonly randomBytes: (size: number) => Buffer;
  readonly log: TrailLog;
  /** Does the work while nothing is shipped: what is being read then cannot vanish meanwhile. */
  readonly whilePaused: <T>(work: () => Promise<T>) => Promise<T>;
  readonly files?: SegmentFiles;
}

/** What control leaves behind of itself: changes and accesses in a spool, and the audit log. */
export interface Trail {
  readonly audit: AuditKeeper;
  /**
   * Opens spool and audit log and publishes what waits. Never rejects: what cannot be opened is
   * shown in the status, and tried again.
   */
  readonly start: () => Promise<void>;
  /** @throws {ControlError} WEIR_AUDIT_UNAVAILABLE while changes cannot be recorded. */
  readonly assertRecordable: () => void;
  /** Puts every change that has been committed into the spool. @throws the first failure. */
  readonly publishChanges: () => Promise<void>;
  /**
   * Resolves once the access is on the disk: only then may the data be handed out.
   *
   * @throws {ControlError} WEIR_AUDIT_UNAVAILABLE: the data must not be handed out.
   */
  readonly recordAccess: (event: AccessEvent) => Promise<void>;
  readonly status: () => { readonly audit: AuditStatus; readonly outbox: OutboxStatus };
  /** After what ships: signs a last head and lets go of the files. */
  readonly close: () => Promise<void>;
}

/** Nothing is opened before `start`. */
export function createTrail(options: TrailOptions): Trail {
  const { store, now, log, whilePaused } = options;
  const onError = (error: Error) => log.error({ err: error }, "the spool of control");
  const spool = new ControlSpool({ ...options, onError });
  const audit = new AuditKeeper(options);
  const outbox = new OutboxPublisher({
    store,
    spool,
    now,
    openControlId: () => openControlId(options.dataDir, options.randomBytes),
    log,
    findRecorded: async (ids) => {
      const reader = await audit.reader();
      return whilePaused(() => findRecorded(ids, spool.directory, reader));
    },
  });
  return {
    audit,
    start: async () => {
      await audit.open().catch(() => undefined);
      await outbox.start();
    },
    assertRecordable: outbox.assertRecordable,
    publishChanges: () => outbox.publishNow(),
    recordAccess: (event) => recordAccess(spool, event),
    status: () => ({ audit: audit.status(), outbox: outbox.status() }),
    close: async () => {
      await outbox.stop();
      try {
        await audit.close();
      } finally {
        await spool.close();
      }
    },
  };
}

async function recordAccess(spool: ControlSpool, event: AccessEvent): Promise<void> {
  // What room is left is for changes that have been admitted.
  if (!spool.hasRoom()) throw auditUnavailable();
  try {
    await spool.append({ type: "access", event });
  } catch (error) {
    throw auditUnavailable(error);
  }
}
