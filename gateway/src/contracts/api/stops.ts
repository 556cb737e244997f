import { type Static, Type } from "typebox";
import { StopKind, StopReason } from "../stop.ts";

const nullableMs = Type.Union([Type.Integer(), Type.Null()]);
const nullableText = Type.Union([Type.String(), Type.Null()]);
const Target = Type.String({ maxLength: 256, description: "Empty for `all`" });

/** A stop, and what ended it. */
export const StopView = Type.Object(
  {
    id: Type.String(),
    kind: StopKind,
    target: Type.String(),
    ownerId: Type.Union([Type.String(), Type.Null()], {
      description: "Only calls of this person's, and of agents of theirs or in their name",
    }),
    reason: Type.String(),
    setBy: Type.String({ description: "`person:ada`, `command-line`, or `weir` itself" }),
    setAtMs: Type.Integer(),
    liftedBy: nullableText,
    liftedAtMs: nullableMs,
    liftReason: nullableText,
  },
  { additionalProperties: false },
);
export type StopView = Static<typeof StopView>;

export const StopList = Type.Object(
  { stops: Type.Array(StopView) },
  { additionalProperties: false },
);
export type StopList = Static<typeof StopList>;

/** What holds for the signed-in person: their own, and what stops everything. */
export const OwnStops = Type.Object(
  {
    stops: Type.Array(
      Type.Object(
        {
          ...StopView.properties,
          mayLift: Type.Boolean({ description: "Whether they may lift it themselves" }),
        },
        { additionalProperties: false },
      ),
    ),
    permissions: Type.Object(
      { read: Type.Boolean(), set: Type.Boolean(), lift: Type.Boolean() },
      { additionalProperties: false, description: "What they may do to stops of others" },
    ),
    othersInForce: Type.Integer({ description: "0 for those who may not read stops" }),
  },
  { additionalProperties: false },
);
export type OwnStops = Static<typeof OwnStops>;

export const NewStop = Type.Object(
  { kind: StopKind, target: Target, reason: StopReason },
  { additionalProperties: false },
);
export type NewStop = Static<typeof NewStop>;

/** What people may stop by themselves: of theirs alone. */
export const NewOwnStop = Type.Object(
  {
    kind: Type.Union([
      Type.Literal("agent", { description: "An agent of theirs, or one that acts in their name" }),
      Type.Literal("session"),
      Type.Literal("key"),
    ]),
    target: Type.String({ minLength: 1, maxLength: 256 }),
    reason: StopReason,
  },
  { additionalProperties: false },
);
export type NewOwnStop = Static<typeof NewOwnStop>;

export const NewLift = Type.Object({ reason: StopReason }, { additionalProperties: false });
export type NewLift = Static<typeof NewLift>;

export const StopQuestion = Type.Object(
  {
    purpose: Type.String({ minLength: 1, maxLength: 500, pattern: "\\S" }),
    withLifted: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
export type StopQuestion = Static<typeof StopQuestion>;

export const StopParams = Type.Object({ id: Type.String({ maxLength: 64 }) });
