import { type Static, Type } from "typebox";
import { Effect, MatchedRule, Obligation } from "../decision.ts";

export const DecisionFilter = Type.Union([
  Type.Literal("all"),
  Type.Literal("denied"),
  Type.Literal("changed"),
  Type.Literal("allowed"),
]);
export type DecisionFilter = Static<typeof DecisionFilter>;

export const DecisionsQuery = Type.Object(
  {
    show: Type.Optional(DecisionFilter),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
    /** `nextCursor` of the page before. */
    cursor: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { additionalProperties: false },
);
export type DecisionsQuery = Static<typeof DecisionsQuery>;

export const DecisionItem = Type.Object(
  {
    id: Type.String(),
    callId: Type.String(),
    decidedAtMs: Type.Integer(),
    point: Type.String(),
    effect: Effect,
    rules: Type.Array(MatchedRule),
    userMessage: Type.String(),
    obligations: Type.Array(Obligation),
    dialect: Type.String(),
    /** Canonical route, for example `chat.completions`; empty when the point has no call. */
    operation: Type.String(),
    provider: Type.String(),
    model: Type.String(),
    /** What the client named: an alias, if it differs from `model`. */
    modelRequested: Type.String(),
    toolNames: Type.Array(Type.String()),
    revision: Type.String(),
    evalMicros: Type.Integer({ minimum: 0 }),
  },
  { additionalProperties: false },
);
export type DecisionItem = Static<typeof DecisionItem>;

/** `GET /api/decisions`: decisions on the signed-in person's own calls, newest first. */
export const DecisionPage = Type.Object(
  {
    decisions: Type.Array(DecisionItem),
    nextCursor: Type.Union([Type.String(), Type.Null()]),
    everDecided: Type.Boolean(),
    asOfMs: Type.Integer(),
  },
  { additionalProperties: false },
);
export type DecisionPage = Static<typeof DecisionPage>;
