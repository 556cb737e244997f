import { type Static, Type } from "typebox";

/** What a team may use; `*` in a pattern stands for any run of characters. */
export const TeamPolicy = Type.Object(
  {
    models: Type.Array(Type.String()),
    tools: Type.Array(Type.String()),
    /** Operations without metering that the team may use, such as `files.*` or `passthrough`. */
    unmeteredOperations: Type.Optional(Type.Array(Type.String())),
    maxTokens: Type.Optional(Type.Integer({ minimum: 1 })),
  },
  { additionalProperties: false },
);
export type TeamPolicy = Static<typeof TeamPolicy>;

/** The `data.weir` document of the policies: slow-changing facts, replaced whole. */
export const PolicyData = Type.Object(
  { teams: Type.Record(Type.String(), TeamPolicy) },
  { additionalProperties: false },
);
export type PolicyData = Static<typeof PolicyData>;
