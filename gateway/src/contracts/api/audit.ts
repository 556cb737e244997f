import { type Static, Type } from "typebox";
import { LedgerStatus } from "./ledger.ts";

const strict = { additionalProperties: false } as const;
const count = Type.Integer({ minimum: 0 });

/** How changes and accesses get into the ledger. */
export const OutboxStatus = Type.Object(
  {
    /** False: changes are refused with WEIR_AUDIT_UNAVAILABLE. */
    isAccepting: Type.Boolean(),
    /** Committed, but not yet in the spool. */
    unpublishedChanges: count,
    oldestUnpublishedAgeMs: Type.Number({ minimum: 0 }),
    spoolBytes: count,
    failures: count,
    /** Empty when the last attempt went well. */
    lastError: Type.String(),
  },
  strict,
);
export type OutboxStatus = Static<typeof OutboxStatus>;

const SecondPlace = Type.Object(
  {
    /** Without credentials and query. */
    place: Type.String(),
    sent: count,
    failures: count,
    lastError: Type.String(),
    /** Null = never since the start. */
    lastSentAtMs: Type.Union([Type.Integer(), Type.Null()]),
  },
  strict,
);

/** The log that proves what the ledger holds. */
export const AuditStatus = Type.Object(
  {
    /** While `unavailable`, nothing is shipped. */
    state: Type.Union([Type.Literal("open"), Type.Literal("unavailable")]),
    leaves: count,
    head: Type.Union([Type.Object({ size: count, timeMs: Type.Integer() }, strict), Type.Null()]),
    /** Leaves that no signed head covers yet. */
    unsignedLeaves: count,
    appendFailures: count,
    headFailures: count,
    /** Bytes of an append that never returned, set aside at opening. */
    tornBytes: count,
    /** Empty when the last attempt went well. */
    lastError: Type.String(),
    secondPlaces: Type.Array(SecondPlace),
  },
  strict,
);
export type AuditStatus = Static<typeof AuditStatus>;

/** `GET /api/ledger/status`: how far the ledger is, and the log that proves it. */
export const LedgerReport = Type.Object(
  { ...LedgerStatus.properties, audit: AuditStatus, outbox: OutboxStatus },
  strict,
);
export type LedgerReport = Static<typeof LedgerReport>;
