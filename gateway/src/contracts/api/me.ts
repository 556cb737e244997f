import { type Static, Type } from "typebox";

/** `GET /api/me`: who is signed in, and what the console needs to greet them. */
export const Me = Type.Object(
  {
    person: Type.Object(
      {
        id: Type.String(),
        name: Type.String(),
        teamId: Type.String(),
        roles: Type.Array(Type.String()),
      },
      { additionalProperties: false },
    ),
    /** Base URL of the gateway, without a path, for copy-and-paste snippets. */
    gatewayUrl: Type.String(),
    /** True while the built-in simulator answers instead of a provider. */
    simulator: Type.Boolean(),
    /** Days that a person's call metadata is kept. */
    retentionDays: Type.Integer(),
    /** Days that prompts and answers of this person are kept, sealed; null = not at all. */
    contentRetentionDays: Type.Union([Type.Integer(), Type.Null()]),
    version: Type.String(),
  },
  { additionalProperties: false },
);
export type Me = Static<typeof Me>;
