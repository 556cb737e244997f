import { readFileSync } from "node:fs";
import { calcPrice, findProvider, type Provider } from "@pydantic/genai-prices";
import type { PriceOverride, ProviderConfig } from "../../config/schema.ts";
import { matchesPattern } from "../../contracts/pattern.ts";
import type { Cost, TokenCounts } from "../../contracts/usage.ts";

const TABLE_VERSION = `genai-prices@${tableVersion()}`;
const CONFIG_VERSION = "weir.yaml";
/** Models of one proxy's lifetime; a client that invents names must not fill the memory. */
const MAX_REMEMBERED = 10_000;

export interface Pricer {
  price(provider: string, model: string, tokens: TokenCounts | null): Cost;
}

/** A call that no provider bills: it was refused, or the provider answered with an error. */
export const notBilled: Cost = { microUsd: null, status: "not_billed", priceVersion: "" };

const unpriced: Cost = { microUsd: null, status: "unpriced", priceVersion: "" };

type CostOf = (tokens: TokenCounts) => Cost;

/**
 * Prices in integer micro-USD: first the overrides of weir.yaml, then the public table. A model
 * that neither knows is `unpriced`, never free.
 */
export function createPricer(providers: readonly ProviderConfig[]): Pricer {
  const known = new Map<string, CostOf>();
  return {
    price(provider, model, tokens) {
      if (tokens === null) return unpriced;
      const id = `${provider}\n${model}`;
      let costOf = known.get(id);
      if (costOf === undefined) {
        costOf = findCostOf(
          providers.find(({ name }) => name === provider),
          model,
        );
        if (known.size >= MAX_REMEMBERED) known.clear();
        known.set(id, costOf);
      }
      return costOf(tokens);
    },
  };
}

function findCostOf(provider: ProviderConfig | undefined, model: string): CostOf {
  if (provider === undefined) return () => unpriced;
  const override = Object.entries(provider.prices).find(([pattern]) =>
    matchesPattern(pattern, model),
  );
  if (override !== undefined) return (tokens) => overrideCost(override[1], tokens);
  return tableCostOf(provider, model);
}

function overrideCost(price: PriceOverride, tokens: TokenCounts): Cost {
  const cacheWrite = tokens.cacheWrite5m + tokens.cacheWrite1h;
  const usdPerMillion =
    price.input * (tokens.inputUncached + tokens.toolUsePrompt + tokens.audioIn) +
    (price.cacheRead ?? price.input) * tokens.cacheRead +
    (price.cacheWrite ?? price.input) * cacheWrite +
    price.output * (tokens.outputVisible + tokens.outputReasoning + tokens.audioOut);
  // USD per million tokens is micro-USD per token.
  return priced(usdPerMillion, CONFIG_VERSION);
}

function tableCostOf(provider: ProviderConfig, model: string): CostOf {
  const found = findProvider({ providerApiUrl: provider.baseUrl });
  const sample = found && calcPrice({ input_tokens: 1 }, model, { provider: found });
  if (!found || !sample) return () => unpriced;
  // With this one model alone the table is not searched again on every call.
  const narrowed: Provider = { ...found, models: [sample.model] };
  return (tokens) => {
    const price = calcPrice(tableUsage(tokens), model, { provider: narrowed });
    return price === null ? unpriced : priced(price.total_price * 1_000_000, TABLE_VERSION);
  };
}

/** The table counts inclusively: all input, of which cached, of which audio. */
function tableUsage(tokens: TokenCounts): Record<string, number> {
  const cacheWrite = tokens.cacheWrite5m + tokens.cacheWrite1h;
  const usage: Record<string, number> = {
    input_tokens:
      tokens.inputUncached + tokens.toolUsePrompt + tokens.cacheRead + cacheWrite + tokens.audioIn,
    output_tokens: tokens.outputVisible + tokens.outputReasoning + tokens.audioOut,
  };
  if (tokens.cacheRead > 0) usage["cache_read_tokens"] = tokens.cacheRead;
  if (cacheWrite > 0) usage["cache_write_tokens"] = cacheWrite;
  if (tokens.cacheWrite1h > 0) usage["cache_write_1h_tokens"] = tokens.cacheWrite1h;
  if (tokens.audioIn > 0) usage["input_audio_tokens"] = tokens.audioIn;
  if (tokens.audioOut > 0) usage["output_audio_tokens"] = tokens.audioOut;
  return usage;
}

function priced(microUsd: number, priceVersion: string): Cost {
  return { microUsd: Math.round(microUsd), status: "priced", priceVersion };
}

function tableVersion(): string {
  const manifest = new URL("../package.json", import.meta.resolve("@pydantic/genai-prices"));
  const { version }: { version: string } = JSON.parse(readFileSync(manifest, "utf8"));
  return version;
}
