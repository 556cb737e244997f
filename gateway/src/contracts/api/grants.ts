import { type Static, Type } from "typebox";
import { AgentReference, maxHopsOfGrant } from "../delegation.ts";
import { Scope } from "../scope.ts";

const nullableMs = Type.Union([Type.Integer(), Type.Null()]);
const patterns = Type.Array(Type.String({ minLength: 1, maxLength: 256 }), { maxItems: 64 });

/** A year: consent that nobody remembers is none. */
export const maxGrantMs = 366 * 86_400_000;

/** What a person lets an agent do in their name. */
export const GrantView = Type.Object(
  {
    id: Type.String({ description: "What the agent shows as `subject_token` (RFC 8693)" }),
    personId: Type.String(),
    agent: Type.String(),
    scopes: Type.Array(Scope),
    models: Type.Union([Type.Array(Type.String()), Type.Null()]),
    tools: Type.Union([Type.Array(Type.String()), Type.Null()]),
    maxHops: Type.Integer(),
    fromMs: Type.Integer(),
    untilMs: Type.Integer(),
    createdAtMs: Type.Integer(),
    revokedAtMs: nullableMs,
    lastUsedAtMs: Type.Union([Type.Integer(), Type.Null()], {
      description: "To the minute, and a minute or two late; null = not used so far",
    }),
  },
  { additionalProperties: false },
);
export type GrantView = Static<typeof GrantView>;

export const GrantList = Type.Object(
  { grants: Type.Array(GrantView) },
  { additionalProperties: false },
);
export type GrantList = Static<typeof GrantList>;

export const NewGrant = Type.Object(
  {
    agent: Type.String({
      ...AgentReference,
      description: "`ada/triage` = the agent `triage` of ada's keys; `ci` = the service of that id",
    }),
    scopes: Type.Array(Scope, { minItems: 1, maxItems: 16, uniqueItems: true }),
    models: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 256 }), {
        minItems: 1,
        maxItems: 64,
        description: "Patterns that narrow what you may use; left out = all of it",
      }),
    ),
    tools: Type.Optional({
      ...patterns,
      description: "Patterns of tools that may be offered to a model; left out = all of yours",
    }),
    maxHops: Type.Optional(
      Type.Integer({
        minimum: 0,
        maximum: maxHopsOfGrant,
        description: "How many further agents it may be handed on to; left out = none",
      }),
    ),
    fromMs: Type.Optional(Type.Integer({ minimum: 0 })),
    untilMs: Type.Integer({ minimum: 0, description: "At most a year from now" }),
  },
  { additionalProperties: false },
);
export type NewGrant = Static<typeof NewGrant>;

export const GrantParams = Type.Object({ id: Type.String({ maxLength: 64 }) });
