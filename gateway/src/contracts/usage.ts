import { type Static, Type } from "typebox";

const count = Type.Integer({ minimum: 0 });

export const UsageSource = Type.Union([
  Type.Literal("provider_final"),
  Type.Literal("provider_partial"),
  Type.Literal("estimated"),
  Type.Literal("missing"),
]);
export type UsageSource = Static<typeof UsageSource>;

export const StreamEnd = Type.Union([
  Type.Literal("complete"),
  Type.Literal("client_abort"),
  Type.Literal("upstream_error"),
  Type.Literal("timeout"),
  Type.Literal("policy_cut"),
]);
export type StreamEnd = Static<typeof StreamEnd>;

/** Token counts in mutually exclusive classes: their sum is what the provider billed. */
export const TokenCounts = Type.Object(
  {
    inputUncached: count,
    cacheRead: count,
    cacheWrite5m: count,
    cacheWrite1h: count,
    outputVisible: count,
    outputReasoning: count,
    toolUsePrompt: count,
    audioIn: count,
    audioOut: count,
  },
  { additionalProperties: false },
);
export type TokenCounts = Static<typeof TokenCounts>;

/** One upstream attempt's usage. `tokens` is null when the provider told nothing: missing is never 0. */
export const Usage = Type.Object(
  {
    tokens: Type.Union([TokenCounts, Type.Null()]),
    serverToolCalls: Type.Record(Type.String(), count),
    /** The provider's usage object as JSON text, empty when missing. */
    raw: Type.String(),
    source: UsageSource,
    streamEnd: StreamEnd,
  },
  { additionalProperties: false },
);
export type Usage = Static<typeof Usage>;

/** Integer micro-USD. An unknown model is `unpriced` with a null amount, never 0. */
export const Cost = Type.Object(
  {
    microUsd: Type.Union([Type.Integer({ minimum: 0 }), Type.Null()]),
    status: Type.Union([
      Type.Literal("priced"),
      Type.Literal("unpriced"),
      Type.Literal("not_billed"),
    ]),
    priceVersion: Type.String(),
  },
  { additionalProperties: false },
);
export type Cost = Static<typeof Cost>;
