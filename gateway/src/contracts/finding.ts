import { type Static, Type } from "typebox";

/** What detection tells a person. No score ever leaves a detector. */
export const Finding = Type.Object(
  {
    id: Type.String(),
    subject: Type.String(),
    kind: Type.Union([Type.Literal("waste"), Type.Literal("compromise")]),
    detectors: Type.Array(Type.String()),
    reasons: Type.Array(Type.String()),
    window: Type.Object(
      { fromMs: Type.Integer(), toMs: Type.Integer() },
      { additionalProperties: false },
    ),
    evidence: Type.Record(Type.String(), Type.Union([Type.Integer(), Type.String()])),
    state: Type.Union([
      Type.Literal("open"),
      Type.Literal("planned"),
      Type.Literal("acknowledged"),
      Type.Literal("closed"),
    ]),
  },
  { additionalProperties: false },
);
export type Finding = Static<typeof Finding>;
