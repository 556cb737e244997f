import { createHash } from "node:crypto";
import type { Provider } from "@pydantic/genai-prices";
import { type Static, Type } from "typebox";

const strict = { additionalProperties: false } as const;
const rate = Type.Number({ minimum: 0 });

const Price = Type.Union([
  rate,
  Type.Object(
    {
      base: rate,
      tiers: Type.Array(Type.Object({ start: Type.Integer({ minimum: 0 }), price: rate }, strict), {
        minItems: 1,
      }),
    },
    strict,
  ),
]);
/** USD by unit, for example `input_mtok`: per million input tokens. */
const Prices = Type.Record(Type.String({ pattern: "^[a-z0-9_]+$" }), Price);

const Constraint = Type.Union([
  Type.Object(
    {
      type: Type.Literal("start_date"),
      start_date: Type.String({ pattern: "^\\d{4}-\\d\\d-\\d\\d$" }),
    },
    strict,
  ),
  Type.Object(
    {
      type: Type.Literal("time_of_date"),
      start_time: Type.String({ minLength: 1 }),
      end_time: Type.String({ minLength: 1 }),
    },
    strict,
  ),
]);

// What a match looks like in depth is checked by pricing every model in the tests.
const Match = Type.Record(Type.String(), Type.Unknown(), { minProperties: 1, maxProperties: 1 });

const Model = Type.Object(
  {
    id: Type.String({ minLength: 1 }),
    name: Type.Optional(Type.String()),
    match: Match,
    deprecated: Type.Optional(Type.Boolean()),
    price_comments: Type.Optional(Type.String()),
    prices: Type.Union([
      Prices,
      Type.Array(Type.Object({ constraint: Type.Optional(Constraint), prices: Prices }, strict), {
        minItems: 1,
      }),
    ]),
  },
  strict,
);

const TableProvider = Type.Object(
  {
    id: Type.String({ minLength: 1 }),
    name: Type.String({ minLength: 1 }),
    pricing_urls: Type.Array(Type.String()),
    api_pattern: Type.String({ minLength: 1 }),
    fallback_model_providers: Type.Optional(Type.Array(Type.String())),
    models: Type.Array(Model, { minItems: 1 }),
  },
  strict,
);

/** The file that the snapshot is kept in. */
export const PriceSnapshot = Type.Object(
  {
    source: Type.Literal("@pydantic/genai-prices"),
    version: Type.String({ pattern: "^\\d+\\.\\d+\\.\\d+$" }),
    vendoredOn: Type.String({ pattern: "^\\d{4}-\\d\\d-\\d\\d$" }),
    /** Of `providers` as compact JSON, in hex. */
    sha256: Type.String({ pattern: "^[0-9a-f]{64}$" }),
    license: Type.String({ minLength: 1 }),
    providers: Type.Array(TableProvider, { minItems: 1 }),
  },
  strict,
);
export type PriceSnapshot = Static<typeof PriceSnapshot>;

/** What of the library's data a price depends on, and what tells a reader where it comes from. */
export function trimProvider(provider: Provider): PriceSnapshot["providers"][number] {
  const { id, name, pricing_urls = [], api_pattern, fallback_model_providers } = provider;
  const models = provider.models.map((model) => {
    const { id: modelId, name: modelName, match, deprecated, price_comments, prices } = model;
    return { id: modelId, name: modelName, match, deprecated, price_comments, prices };
  });
  const trimmed = { id, name, pricing_urls, api_pattern, fallback_model_providers, models };
  // Through JSON, which drops what is undefined, so that this equals what the file gives back.
  return JSON.parse(JSON.stringify(trimmed));
}

/** SHA-256 in hex of the table's data. */
export function digestOf(providers: PriceSnapshot["providers"]): string {
  return createHash("sha256").update(JSON.stringify(providers)).digest("hex");
}
