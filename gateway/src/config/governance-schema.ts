import { Type } from "typebox";

const strict = { additionalProperties: false };
const count = Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000 }));
const member = Type.String({ minLength: 1, maxLength: 256 });

/** How much of one class of actions a caller may take; whatever is left out has no limit. */
export const ActionLimit = Type.Object(
  {
    /** What the refusal calls it, for example `deployments`. */
    id: Type.String({ pattern: "^[a-z0-9][a-z0-9-]{0,62}$" }),
    /** Left out = every team, each caller by themself. */
    team: Type.Optional(Type.String()),
    /** `name` or `server/name`, `*` as wildcard. */
    tools: Type.Array(member, { minItems: 1, maxItems: 64 }),
    perHour: count,
    perDay: count,
    /** Different values of these arguments in 24 hours, such as recipients. */
    distinct: Type.Optional(
      Type.Object(
        {
          arguments: Type.Array(member, { minItems: 1, maxItems: 16 }),
          perDay: Type.Integer({ minimum: 0, maximum: 1_000 }),
        },
        strict,
      ),
    ),
    /** Sum of this argument in 24 hours; a value that is no number of 0 or more is over the limit. */
    amount: Type.Optional(
      Type.Object({ argument: member, perDay: Type.Number({ minimum: 0 }) }, strict),
    ),
  },
  strict,
);

/** What keeps agents from doing too much, or the same for ever. 0 = off. */
export const Governance = Type.Object(
  {
    informationFlow: Type.Object(
      {
        enabled: Type.Boolean({
          default: true,
          description: "Index, in memory, where the values of tool calls' arguments come from",
        }),
        names: Type.Array(Type.String({ minLength: 2, maxLength: 256 }), {
          default: [],
          maxItems: 10_000,
          description: "Places, channels, accounts that rules trust besides people and teams",
        }),
        domains: Type.Array(Type.String({ minLength: 3, maxLength: 253, pattern: "^[^@/:]+$" }), {
          default: [],
          maxItems: 1_000,
          description: "Whose addresses and links rules trust, like corp.example",
        }),
      },
      { additionalProperties: false },
    ),
    limits: Type.Array(ActionLimit, { default: [], maxItems: 256 }),
    loops: Type.Object(
      {
        /** The same call of the same tool so many times in a row. */
        identicalCalls: Type.Integer({ minimum: 0, maximum: 1_000, default: 10 }),
        /** Two calls in turns, A B A B, so many times each. */
        alternations: Type.Integer({ minimum: 0, maximum: 500, default: 8 }),
        /** Different agents that act in one session within an hour. */
        subAgents: Type.Integer({ minimum: 0, maximum: 1_000, default: 0 }),
        /** Agents through whose hands one token has gone. */
        depth: Type.Integer({ minimum: 0, maximum: 16, default: 0 }),
      },
      strict,
    ),
  },
  strict,
);
