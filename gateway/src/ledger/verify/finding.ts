import { type Static, Type } from "typebox";

/** Something in the ledger that is not as it has to be. */
export const LedgerFinding = Type.Object(
  {
    check: Type.Union([
      Type.Literal("roll-up"),
      Type.Literal("id-twice"),
      Type.Literal("position-twice"),
      Type.Literal("decision-missing"),
      Type.Literal("corrected-missing"),
      Type.Literal("cost"),
    ]),
    table: Type.String(),
    /** UTC day, `20261123`. */
    day: Type.String(),
    /** Of the row, or its position in the spool; empty when it is about the day as a whole. */
    id: Type.String(),
    what: Type.String(),
    todo: Type.String(),
    isRepaired: Type.Boolean(),
  },
  { additionalProperties: false },
);
export type LedgerFinding = Static<typeof LedgerFinding>;
