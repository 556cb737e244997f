import { type Static, Type } from "typebox";

/** How far the ledger in ClickHouse is behind the spool. */
export const LedgerStatus = Type.Object(
  {
    state: Type.Union([
      Type.Literal("opening"),
      Type.Literal("ready"),
      Type.Literal("unavailable"),
    ]),
    shippedRows: Type.Integer({ minimum: 0 }),
    deadRows: Type.Integer({ minimum: 0 }),
    pendingBytes: Type.Integer({ minimum: 0 }),
    lastShippedAtMs: Type.Union([Type.Integer(), Type.Null()]),
    lastError: Type.String(),
  },
  { additionalProperties: false },
);
export type LedgerStatus = Static<typeof LedgerStatus>;
