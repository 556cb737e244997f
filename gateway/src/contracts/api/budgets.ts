import { type Static, Type } from "typebox";
import { Budget, BudgetScope, BudgetUnit, BudgetWindow } from "../budget.ts";

const amount = Type.Integer({ minimum: 0 });
const nullable = <T extends ReturnType<typeof Type.Integer>>(type: T) =>
  Type.Union([type, Type.Null()]);

/** A limit that the signed-in person's calls fall under. */
export const OwnBudget = Type.Object(
  {
    id: Type.String(),
    scope: BudgetScope,
    unit: BudgetUnit,
    window: Type.Union([BudgetWindow, Type.Null()]),
    timeZone: Type.String(),
    enforcement: Type.Union([Type.Literal("hard"), Type.Literal("soft")]),
    /** Raises that hold now included; money in micro-USD. */
    limit: amount,
    /** Null where others count too, and where it is not on record: those are not one's own. */
    spent: nullable(amount),
    resetsAtMs: nullable(Type.Integer()),
    contact: Type.String(),
  },
  { additionalProperties: false },
);
export type OwnBudget = Static<typeof OwnBudget>;

export const OwnBudgets = Type.Object(
  { budgets: Type.Array(OwnBudget), asOfMs: Type.Integer() },
  { additionalProperties: false },
);
export type OwnBudgets = Static<typeof OwnBudgets>;

/** A budget as those see it who run Weir: never how much a single person has used of it. */
export const BudgetReport = Type.Object(
  {
    budget: Budget,
    /** By cost centre or model; null where a person could be worked out from it. */
    standings: Type.Union([
      Type.Array(
        Type.Object(
          { value: Type.String(), limit: amount, spent: amount },
          {
            additionalProperties: false,
          },
        ),
      ),
      Type.Null(),
    ]),
  },
  { additionalProperties: false },
);
export type BudgetReport = Static<typeof BudgetReport>;

export const BudgetReports = Type.Object(
  { budgets: Type.Array(BudgetReport), asOfMs: Type.Integer() },
  { additionalProperties: false },
);
export type BudgetReports = Static<typeof BudgetReports>;

export const NewRaise = Type.Object(
  {
    by: Type.Number({
      exclusiveMinimum: 0,
      maximum: 1_000_000_000,
      description: "In the budget's unit as weir.yaml writes it: dollars for usd",
    }),
    untilMs: Type.Integer({ minimum: 0 }),
    of: Type.String({
      maxLength: 256,
      default: "",
      description: "Only for this person, team, model …; empty = for all that it counts",
    }),
    reason: Type.String({ maxLength: 500, default: "" }),
  },
  { additionalProperties: false },
);
export type NewRaise = Static<typeof NewRaise>;

export const RaiseView = Type.Object(
  {
    id: Type.String(),
    budgetId: Type.String(),
    of: Type.String(),
    by: amount,
    untilMs: Type.Integer(),
    reason: Type.String(),
    createdAtMs: Type.Integer(),
  },
  { additionalProperties: false },
);
