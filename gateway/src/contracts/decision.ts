import { type Static, Type } from "typebox";

/** Effects combine as deny > approve > allow; nothing matching is a deny. */
export const Effect = Type.Union([
  Type.Literal("deny"),
  Type.Literal("approve"),
  Type.Literal("allow"),
]);
export type Effect = Static<typeof Effect>;

export const MatchedRule = Type.Object(
  { id: Type.String(), reason: Type.String(), owner: Type.String() },
  { additionalProperties: false },
);
export type MatchedRule = Static<typeof MatchedRule>;

/** A change that the call must undergo before it may go on. */
export const Obligation = Type.Union([
  Type.Object(
    { type: Type.Literal("cap_max_tokens"), maxTokens: Type.Integer({ minimum: 1 }) },
    { additionalProperties: false },
  ),
  Type.Object(
    { type: Type.Literal("set_model"), model: Type.String({ minLength: 1 }) },
    { additionalProperties: false },
  ),
  Type.Object(
    { type: Type.Literal("strip_tools"), tools: Type.Array(Type.String()) },
    { additionalProperties: false },
  ),
  Type.Object(
    { type: Type.Literal("redact"), paths: Type.Array(Type.String()) },
    { additionalProperties: false },
  ),
  Type.Object(
    { type: Type.Literal("pin_provider"), providers: Type.Array(Type.String()) },
    { additionalProperties: false },
  ),
  Type.Object(
    { type: Type.Literal("label"), labels: Type.Array(Type.String()) },
    { additionalProperties: false },
  ),
]);
export type Obligation = Static<typeof Obligation>;

/** What a Rego entrypoint returns: the part of a Decision that policy authors write. */
export const PolicyResult = Type.Object(
  {
    effect: Effect,
    rules: Type.Array(MatchedRule),
    userMessage: Type.String(),
    retryable: Type.Boolean(),
    approvers: Type.Optional(Type.Array(Type.String())),
    obligations: Type.Array(Obligation),
  },
  { additionalProperties: false },
);
export type PolicyResult = Static<typeof PolicyResult>;

export const Decision = Type.Object(
  {
    id: Type.String(),
    ...PolicyResult.properties,
    revision: Type.String(),
    evalMicros: Type.Integer({ minimum: 0 }),
  },
  { additionalProperties: false },
);
export type Decision = Static<typeof Decision>;
