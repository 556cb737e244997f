import { type Static, Type } from "typebox";

/** Where somebody belonged, and when. */
export const Belonging = Type.Object(
  {
    teamId: Type.String(),
    managerId: Type.Union([Type.String(), Type.Null()]),
    costCenter: Type.String(),
    fromMs: Type.Integer(),
    untilMs: Type.Union([Type.Integer(), Type.Null()], { description: "null = until now" }),
  },
  { additionalProperties: false },
);
export type Belonging = Static<typeof Belonging>;

/** The last one first. */
export const BelongingList = Type.Object(
  { belongings: Type.Array(Belonging) },
  { additionalProperties: false },
);
export type BelongingList = Static<typeof BelongingList>;
