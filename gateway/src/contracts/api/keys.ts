import { type Static, Type } from "typebox";
import { Scope } from "../scope.ts";
import { DenialStyle } from "../snapshot.ts";

const nullableMs = Type.Union([Type.Integer(), Type.Null()]);

/** A key as the API shows it: never the key itself, never its hash. */
export const KeyView = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    hint: Type.String({ description: "The first characters of the key" }),
    personId: Type.String(),
    agentId: Type.Union([Type.String(), Type.Null()]),
    denialStyle: DenialStyle,
    scopes: Type.Union([Type.Array(Scope), Type.Null()], {
      description: "What it may be used for; null = everything",
    }),
    models: Type.Union([Type.Array(Type.String()), Type.Null()], {
      description: "Patterns that narrow the team's models; null = all of them",
    }),
    lineageId: Type.String({
      description: "What its calls are recorded under: the same before and after a rotation",
    }),
    rotatedFrom: Type.Union([Type.String(), Type.Null()]),
    createdAtMs: Type.Integer(),
    expiresAtMs: nullableMs,
    revokedAtMs: nullableMs,
    lastUsedAtMs: Type.Union([Type.Integer(), Type.Null()], {
      description: "To the minute, and a minute or two late; null = not used so far",
    }),
  },
  { additionalProperties: false },
);
export type KeyView = Static<typeof KeyView>;

export const KeyList = Type.Object({ keys: Type.Array(KeyView) }, { additionalProperties: false });
export type KeyList = Static<typeof KeyList>;

export const NewKey = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: 100 }),
    expiresAtMs: Type.Optional(Type.Integer({ minimum: 0 })),
    agentId: Type.Optional(Type.String({ pattern: "^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$" })),
    denialStyle: Type.Optional(
      Type.Union(DenialStyle.anyOf, {
        description:
          "soft = a denial is a normal answer of the assistant, for clients such as OpenClaw that disable a key after any error",
      }),
    ),
    scopes: Type.Optional(Type.Array(Scope, { minItems: 1, maxItems: 16, uniqueItems: true })),
    models: Type.Optional(
      Type.Array(Type.String({ minLength: 1, maxLength: 256 }), {
        minItems: 1,
        maxItems: 64,
        description: "Patterns, `*` for any run of characters; they narrow the team's",
      }),
    ),
  },
  { additionalProperties: false },
);
export type NewKey = Static<typeof NewKey>;

export const CreatedKeyView = Type.Object(
  {
    key: Type.String({ description: "The key: shown now and never again" }),
    record: KeyView,
  },
  { additionalProperties: false },
);

export type CreatedKeyView = Static<typeof CreatedKeyView>;

/** A month: long enough for any roll-out, and still an end. */
export const maxOverlapMs = 30 * 86_400_000;

export const Rotation = Type.Object(
  {
    overlapMs: Type.Integer({
      minimum: 0,
      maximum: maxOverlapMs,
      default: 86_400_000,
      description: "For how long the old key works on; 0 = it ends at once",
    }),
  },
  { additionalProperties: false },
);

export const KeyParams = Type.Object({ id: Type.String({ maxLength: 64 }) });
