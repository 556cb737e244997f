import { type Static, Type } from "typebox";

/** When a key was used last, to the minute. */
export const KeyUse = Type.Object(
  { secretId: Type.String({ maxLength: 64 }), atMs: Type.Integer({ minimum: 0 }) },
  { additionalProperties: false },
);
export type KeyUse = Static<typeof KeyUse>;

/** Before the id of a grant, which is used as a key is. */
export const grantUsePrefix = "grant:";

/** So that a report fits the body that control takes. */
export const maxUsesPerReport = 400;

/** What a proxy tells control once a minute. */
export const KeyUseReport = Type.Object(
  { uses: Type.Array(KeyUse, { maxItems: maxUsesPerReport }) },
  { additionalProperties: false },
);
