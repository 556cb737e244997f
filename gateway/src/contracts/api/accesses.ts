import { type Static, Type } from "typebox";

export const AccessesQuery = Type.Object(
  {
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    /** `nextCursor` of the page before. */
    cursor: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { additionalProperties: false },
);
export type AccessesQuery = Static<typeof AccessesQuery>;

/** Somebody's look at the reader's data. The question is left out: it may name others. */
export const AccessItem = Type.Object(
  {
    id: Type.String(),
    accessedAtMs: Type.Integer(),
    /** `person:<id>`, `command-line` or `weir`. */
    actor: Type.String(),
    /** The person's name; empty for other actors, and for one who is not known any more. */
    actorName: Type.String(),
    /** Whether the look was at the reader's data alone, or at everybody's. */
    scope: Type.Union([Type.Literal("you"), Type.Literal("everybody")]),
    /** What was read, for example `ledger.export`. */
    resource: Type.String(),
    /** Why, in the words of the one who looked. */
    purpose: Type.String(),
  },
  { additionalProperties: false },
);
export type AccessItem = Static<typeof AccessItem>;

/** `GET /api/me/accesses`: who looked at the signed-in person's data, newest first. */
export const AccessPage = Type.Object(
  {
    accesses: Type.Array(AccessItem),
    nextCursor: Type.Union([Type.String(), Type.Null()]),
    asOfMs: Type.Integer(),
  },
  { additionalProperties: false },
);
export type AccessPage = Static<typeof AccessPage>;
