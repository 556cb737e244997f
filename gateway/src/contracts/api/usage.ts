import { type Static, Type } from "typebox";

const count = Type.Integer({ minimum: 0 });
const nullableMs = Type.Union([Type.Number({ minimum: 0 }), Type.Null()]);
const isoDate = Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" });

/** Inclusive calendar days in `timeZone` (IANA name). */
export const UsageQuery = Type.Object(
  { from: isoDate, to: isoDate, timeZone: Type.String({ minLength: 1, maxLength: 64 }) },
  { additionalProperties: false },
);
export type UsageQuery = Static<typeof UsageQuery>;

export const TokenTotals = Type.Object(
  {
    inputUncached: count,
    cacheRead: count,
    cacheWrite: count,
    outputVisible: count,
    outputReasoning: count,
    other: count,
  },
  { additionalProperties: false },
);
export type TokenTotals = Static<typeof TokenTotals>;

export const UsageSlice = Type.Object(
  {
    requests: count,
    denied: count,
    errors: count,
    costMicroUsd: count,
    /** Requests whose model has no price: their cost is unknown, not zero. */
    unpricedRequests: count,
    /** Requests that reached a provider which reported no usage. */
    missingUsageRequests: count,
    tokens: TokenTotals,
  },
  { additionalProperties: false },
);
export type UsageSlice = Static<typeof UsageSlice>;

/** `GET /api/usage`: the signed-in person's own usage. */
export const OwnUsage = Type.Object(
  {
    range: UsageQuery,
    totals: UsageSlice,
    latency: Type.Object(
      {
        p50Ms: nullableMs,
        p95Ms: nullableMs,
        timeToFirstByteP50Ms: nullableMs,
        timeToFirstByteP95Ms: nullableMs,
      },
      { additionalProperties: false },
    ),
    /** One entry for each day of the range, in order; quiet days are present with zeros. */
    byDay: Type.Array(
      Type.Object({ date: isoDate, ...UsageSlice.properties }, { additionalProperties: false }),
    ),
    /** Dearest first. */
    byModel: Type.Array(
      Type.Object(
        { provider: Type.String(), model: Type.String(), ...UsageSlice.properties },
        { additionalProperties: false },
      ),
    ),
    /** True if this person has ever made a call, in or out of the range. */
    everUsed: Type.Boolean(),
    asOfMs: Type.Integer(),
  },
  { additionalProperties: false },
);
export type OwnUsage = Static<typeof OwnUsage>;
