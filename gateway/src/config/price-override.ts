import { type Static, Type } from "typebox";

const usd = Type.Number({ minimum: 0 });

/**
 * What a model costs, in place of the public table: `free: true`; or `gpuSecond`; or rates by
 * token class, by request and by server-tool call, which add up.
 */
export const PriceOverride = Type.Object(
  {
    /** The model costs nothing, and that is known: zero-rated, not unpriced. */
    free: Type.Optional(Type.Boolean()),
    /** USD per second of the provider's answer, for a model on hardware of one's own. */
    gpuSecond: Type.Optional(usd),
    /** USD per million tokens; `input` and `output` come together. */
    input: Type.Optional(usd),
    output: Type.Optional(usd),
    /** Left out: as `input`. */
    cacheRead: Type.Optional(usd),
    /** Writes to a cache, those of five minutes in particular. Left out: as `input`. */
    cacheWrite: Type.Optional(usd),
    /** Left out: as `cacheWrite`. */
    cacheWrite1h: Type.Optional(usd),
    /** Left out: as `output`. */
    reasoning: Type.Optional(usd),
    /** Left out: as `input`. */
    audioIn: Type.Optional(usd),
    /** Left out: as `output`. */
    audioOut: Type.Optional(usd),
    /** USD per request. */
    request: Type.Optional(usd),
    /** USD per call of a tool that the provider runs, such as `web_search`; others are unpriced. */
    serverTools: Type.Optional(Type.Record(Type.String({ pattern: "^[a-z][a-z0-9_]*$" }), usd)),
  },
  { additionalProperties: false },
);
export type PriceOverride = Static<typeof PriceOverride>;

const needInput = ["cacheRead", "cacheWrite", "cacheWrite1h", "audioIn"] as const;
const needOutput = ["reasoning", "audioOut"] as const;

/** What contradicts itself in an override, one sentence each; empty when it is sound. */
export function overrideFaults(price: PriceOverride): string[] {
  const { free, ...rates } = price;
  const given = Object.keys(rates);
  if (free === false) return ["free: false says nothing. Leave it out, or give prices"];
  if (free === true) {
    if (given.length === 0) return [];
    return [`says both free and ${given.join(", ")}. Keep one of the two`];
  }
  if (price.gpuSecond !== undefined) {
    const others = given.filter((name) => name !== "gpuSecond");
    if (others.length === 0) return [];
    return [`says both gpuSecond and ${others.join(", ")}. A model has one way to be billed`];
  }
  if (price.input === undefined && price.output === undefined && price.request === undefined) {
    return ["gives no price. Set input and output, or request, or gpuSecond, or free: true"];
  }
  return [...unpaired(price), ...baseless(price)];
}

function unpaired({ input, output }: PriceOverride): string[] {
  if ((input === undefined) === (output === undefined)) return [];
  const missing = input === undefined ? "input" : "output";
  return [
    `${missing} is missing beside ${missing === "input" ? "output" : "input"}. Say 0 if it costs nothing`,
  ];
}

function baseless(price: PriceOverride): string[] {
  if (price.input !== undefined || price.output !== undefined) return [];
  const names = [...needInput, ...needOutput].filter((name) => price[name] !== undefined);
  return names.length === 0 ? [] : [`${names.join(", ")} need input and output beside them`];
}
