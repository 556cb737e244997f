import { type Static, Type } from "typebox";

/** By what calls are counted together. */
export const BudgetScope = Type.Union([
  Type.Literal("person"),
  Type.Literal("team"),
  Type.Literal("cost_center"),
  Type.Literal("agent"),
  Type.Literal("key"),
  /** The model asked of the provider, aliases resolved. */
  Type.Literal("model"),
  /** As the client says, within the verified caller: it can only narrow. */
  Type.Literal("session"),
  Type.Literal("run"),
]);
export type BudgetScope = Static<typeof BudgetScope>;

export const BudgetUnit = Type.Union([
  Type.Literal("requests"),
  Type.Literal("tokens"),
  Type.Literal("micro_usd"),
  Type.Literal("concurrency"),
]);
export type BudgetUnit = Static<typeof BudgetUnit>;

export const BudgetWindow = Type.Union([
  Type.Literal("minute"),
  Type.Literal("hour"),
  Type.Literal("day"),
  Type.Literal("week"),
  Type.Literal("month"),
]);
export type BudgetWindow = Static<typeof BudgetWindow>;

/** A limit that is higher for a while. */
export const BudgetRaise = Type.Object(
  {
    /** In the budget's unit. */
    by: Type.Integer({ minimum: 1 }),
    untilMs: Type.Integer(),
    /** Only for this person, team, model …; empty = for all that the budget counts. */
    of: Type.String(),
  },
  { additionalProperties: false },
);
export type BudgetRaise = Static<typeof BudgetRaise>;

/** One limit, as proxies enforce it. Each value that `of` matches has a counter of its own. */
export const Budget = Type.Object(
  {
    id: Type.String(),
    scope: BudgetScope,
    /** Pattern of the values counted, `*` for any run of characters; of a session the person. */
    of: Type.String(),
    unit: BudgetUnit,
    /** In the unit; money in micro-USD. */
    limit: Type.Integer({ minimum: 0 }),
    /** Null for concurrency alone. */
    window: Type.Union([BudgetWindow, Type.Null()]),
    /** IANA name: windows are those of this zone's calendar. */
    timeZone: Type.String(),
    enforcement: Type.Union([Type.Literal("hard"), Type.Literal("soft")]),
    /** Whether a call may begin that could use more than is left. */
    lastCall: Type.Union([Type.Literal("may_overrun"), Type.Literal("must_fit")]),
    /** What becomes of a call for a model without a price, under a limit in money. */
    unpriced: Type.Union([Type.Literal("refuse"), Type.Literal("allow")]),
    /** Whom to ask for more; empty = nobody is named. */
    contact: Type.String(),
    raises: Type.Array(BudgetRaise),
  },
  { additionalProperties: false },
);
export type Budget = Static<typeof Budget>;

/** What the ledger knows to be spent of the counters whose windows are open. */
export const SpentCounters = Type.Object(
  {
    counters: Type.Array(
      Type.Object(
        {
          key: Type.String(),
          spent: Type.Integer({ minimum: 0 }),
          expiresAtMs: Type.Integer(),
        },
        { additionalProperties: false },
      ),
    ),
  },
  { additionalProperties: false },
);
export type SpentCounters = Static<typeof SpentCounters>;
