import { type Static, Type } from "typebox";
import { DenialStyle } from "../../contracts/snapshot.ts";

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
    createdAtMs: Type.Integer(),
    expiresAtMs: nullableMs,
    revokedAtMs: nullableMs,
  },
  { additionalProperties: false },
);

export const KeyList = Type.Object({ keys: Type.Array(KeyView) }, { additionalProperties: false });

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

export const KeyParams = Type.Object({ id: Type.String({ maxLength: 64 }) });
