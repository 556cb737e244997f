import { type Static, Type } from "typebox";
import type { DeadLetter } from "../ship/dead-letters.ts";

/** Which dead letters are meant; what is empty leaves out none. */
export const LetterSelection = Type.Object(
  {
    /** Of this spool. */
    spool: Type.String({ maxLength: 128 }),
    /** Refused for this, for example `CLICKHOUSE_27`. */
    code: Type.String({ maxLength: 64 }),
    /** Each spool counts its own: with these `spool` is not empty. */
    sequences: Type.Array(Type.Integer({ minimum: 0 }), { maxItems: 1000 }),
  },
  { additionalProperties: false },
);
export type LetterSelection = Static<typeof LetterSelection>;

/** Whether a letter of a spool that is meant is meant itself. */
export function isSelected(
  { code, sequences }: LetterSelection,
  letter: Pick<DeadLetter, "code" | "sequence">,
): boolean {
  return (
    (code === "" || letter.code === code) &&
    (sequences.length === 0 || sequences.includes(letter.sequence))
  );
}

/** Whether all letters of a spool that is meant are. */
export function selectsAll({ code, sequences }: LetterSelection): boolean {
  return code === "" && sequences.length === 0;
}
