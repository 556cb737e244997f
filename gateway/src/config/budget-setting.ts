import { Type } from "typebox";

const strict = { additionalProperties: false } as const;

const CounterScope = Type.Union([
  Type.Literal("person"),
  Type.Literal("team"),
  Type.Literal("cost_center"),
  Type.Literal("agent"),
  Type.Literal("key"),
  Type.Literal("model"),
  Type.Literal("session"),
  Type.Literal("run"),
]);

/** A limit on what is used, see docs/budgets.md. */
export const BudgetSetting = Type.Object(
  {
    id: Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,62}$" }),
    /** By what calls are counted together. */
    by: CounterScope,
    /** Which of them, `*` as wildcard; each has a counter of its own. */
    of: Type.String({ minLength: 1, maxLength: 256, default: "*" }),
    unit: Type.Union([
      Type.Literal("requests"),
      Type.Literal("tokens"),
      Type.Literal("usd"),
      Type.Literal("concurrency"),
    ]),
    limit: Type.Number({ minimum: 0, maximum: 1_000_000_000 }),
    window: Type.Optional(
      Type.Union([
        Type.Literal("minute"),
        Type.Literal("hour"),
        Type.Literal("day"),
        Type.Literal("week"),
        Type.Literal("month"),
      ]),
    ),
    /** IANA name: days, weeks and months are those of its calendar. */
    timeZone: Type.String({ default: "UTC" }),
    enforcement: Type.Union([Type.Literal("hard"), Type.Literal("soft")], {
      default: "hard",
      description: "soft = warn once a window, refuse nothing",
    }),
    lastCall: Type.Union([Type.Literal("may_overrun"), Type.Literal("must_fit")], {
      default: "may_overrun",
      description: "must_fit = refuse a call that could use more than is left",
    }),
    unpriced: Type.Optional(
      Type.Union([Type.Literal("refuse"), Type.Literal("allow")], {
        description: "Calls without a price, under a limit in usd; refuse when the limit is hard",
      }),
    ),
    /** Whom to ask for more: stands in the message of a refusal. */
    contact: Type.String({ maxLength: 200, default: "" }),
  },
  strict,
);
