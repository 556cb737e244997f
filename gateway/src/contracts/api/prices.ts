import { type Static, Type } from "typebox";

const count = Type.Integer({ minimum: 0 });
const isoDate = Type.String({ pattern: "^\\d{4}-\\d{2}-\\d{2}$" });
const strict = { additionalProperties: false } as const;

/** `GET /api/unpriced-models`: UTC days, both included; left out = everything on record. */
export const UnpricedModelsQuery = Type.Object(
  { from: Type.Optional(isoDate), to: Type.Optional(isoDate) },
  strict,
);
export type UnpricedModelsQuery = Static<typeof UnpricedModelsQuery>;

export const UnpricedModel = Type.Object(
  {
    provider: Type.String(),
    model: Type.String(),
    /** Calls without a cost. */
    calls: count,
    /** All tokens that providers told for these calls. */
    tokens: count,
    /** Start of the first, and of the last, UTC day with such calls. */
    firstSeenMs: Type.Integer(),
    lastSeenMs: Type.Integer(),
    /** The model has a price by now: recomputing gives these calls a cost. */
    hasPriceNow: Type.Boolean(),
  },
  strict,
);
export type UnpricedModel = Static<typeof UnpricedModel>;

/** Models whose calls cost nobody knows how much, those with the most tokens first. */
export const UnpricedModels = Type.Object(
  { models: Type.Array(UnpricedModel), asOfMs: Type.Integer() },
  strict,
);
export type UnpricedModels = Static<typeof UnpricedModels>;

/** `POST /api/prices/recompute`: UTC days, both included. */
export const RecomputeRange = Type.Object(
  {
    from: isoDate,
    to: isoDate,
    dryRun: Type.Boolean(),
    /** Digest of the own prices that the caller goes by; refused when Weir runs with others. */
    overrides: Type.Optional(Type.String({ maxLength: 64 })),
  },
  strict,
);
export type RecomputeRange = Static<typeof RecomputeRange>;

/** How far a recomputation has come; a line of JSON each, the last one is finished. */
export const RecomputeProgress = Type.Object(
  {
    /** UTC day that is being worked on. */
    day: Type.String(),
    finished: Type.Boolean(),
    /** Calls looked at so far. */
    calls: count,
    /** Calls whose cost is another now. */
    changed: count,
    /** Cost of all calls looked at, as it was on record. */
    oldMicroUsd: count,
    newMicroUsd: count,
    stillUnpriced: count,
    /** Calls of providers that the configuration does not name: left as they are. */
    leftAlone: count,
  },
  strict,
);
export type RecomputeProgress = Static<typeof RecomputeProgress>;
