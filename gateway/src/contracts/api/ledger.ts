import { type Static, Type } from "typebox";

const count = Type.Integer({ minimum: 0 });

/** How far the ledger in ClickHouse is behind the spool. */
export const LedgerStatus = Type.Object(
  {
    state: Type.Union([
      Type.Literal("opening"),
      Type.Literal("ready"),
      Type.Literal("unavailable"),
    ]),
    shippedRows: count,
    /** Rows that ClickHouse would not take, set aside in the dead-letter file. */
    deadRows: count,
    pendingBytes: count,
    /** An estimate. */
    pendingRows: count,
    oldestUnshippedAgeMs: Type.Number({ minimum: 0 }),
    /** Attempts that failed since the start. */
    failures: count,
    lastShippedAtMs: Type.Union([Type.Integer(), Type.Null()]),
    /** Empty when the last attempt went well. */
    lastError: Type.String(),
  },
  { additionalProperties: false },
);
export type LedgerStatus = Static<typeof LedgerStatus>;
