import { type Static, Type } from "typebox";

export const PolicyError = Type.Object(
  {
    file: Type.String(),
    row: Type.Integer({ minimum: 0 }),
    column: Type.Integer({ minimum: 0 }),
    message: Type.String(),
  },
  { additionalProperties: false },
);
export type PolicyError = Static<typeof PolicyError>;

export const PolicyProblem = Type.Object(
  { atMs: Type.Integer(), errors: Type.Array(PolicyError) },
  { additionalProperties: false },
);
export type PolicyProblem = Static<typeof PolicyProblem>;

/** What policy is in force, and what is wrong with the newest sources, if anything. */
export const PolicyStatus = Type.Object(
  {
    /** Revision in force; null = none has ever been loaded, and every call is denied. */
    revision: Type.Union([Type.String(), Type.Null()]),
    loadedAtMs: Type.Union([Type.Integer(), Type.Null()]),
    entrypoints: Type.Array(Type.String()),
    files: Type.Array(Type.String()),
    /** While set, the last good policy stays in force. */
    problem: Type.Union([PolicyProblem, Type.Null()]),
  },
  { additionalProperties: false },
);
export type PolicyStatus = Static<typeof PolicyStatus>;
