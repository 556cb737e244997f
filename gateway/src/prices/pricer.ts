import type { PriceOverride } from "../config/price-override.ts";
import type { ProviderConfig } from "../config/schema.ts";
import { matchesPattern } from "../contracts/pattern.ts";
import type { Cost, TokenCounts } from "../contracts/usage.ts";
import { type CostOf, type PriceFacts, unpriced } from "./cost.ts";
import { overrideCostOf } from "./override-cost.ts";
import { loadPriceTable } from "./price-table.ts";
import { findInTable, type TableEntry, tableCostOf } from "./table-cost.ts";

export { notBilled, type PriceFacts } from "./cost.ts";

/** Models of one proxy's lifetime; a client that invents names must not fill the memory. */
const MAX_REMEMBERED = 10_000;
const noFacts: PriceFacts = {};

export interface Pricer {
  /** `tokens` is null when the provider told none; then only prices without tokens apply. */
  price(provider: string, model: string, tokens: TokenCounts | null, facts?: PriceFacts): Cost;
}

/** Where a model's price comes from. */
export type PriceSource =
  | { readonly from: "weir.yaml"; readonly pattern: string; readonly override: PriceOverride }
  | { readonly from: "table"; readonly entry: TableEntry }
  | { readonly from: "nowhere" };

/**
 * Prices in integer micro-USD: first the overrides of weir.yaml, then the public table. A model
 * that neither knows is `unpriced`, never free.
 * @throws PriceTableError at once when the table that comes with Weir is broken.
 */
export function createPricer(providers: readonly ProviderConfig[]): Pricer {
  loadPriceTable();
  const known = new Map<string, CostOf>();
  return {
    price(provider, model, tokens, facts = noFacts) {
      const id = `${provider}\n${model}`;
      let costOf = known.get(id);
      if (costOf === undefined) {
        costOf = costOfModel(findPrice(providers, provider, model), model);
        if (known.size >= MAX_REMEMBERED) known.clear();
        known.set(id, costOf);
      }
      return costOf(tokens, facts);
    },
  };
}

/** Looks for a model's price in the order in which calls are priced. @throws PriceTableError */
export function findPrice(
  providers: readonly ProviderConfig[],
  providerName: string,
  model: string,
): PriceSource {
  const provider = providers.find(({ name }) => name === providerName);
  if (provider === undefined) return { from: "nowhere" };
  for (const [pattern, override] of Object.entries(provider.prices)) {
    if (matchesPattern(pattern, model)) return { from: "weir.yaml", pattern, override };
  }
  const entry = findInTable(provider.baseUrl, model);
  return entry === null ? { from: "nowhere" } : { from: "table", entry };
}

function costOfModel(source: PriceSource, model: string): CostOf {
  if (source.from === "nowhere") return () => unpriced;
  if (source.from === "weir.yaml") return overrideCostOf(source.override);
  return tableCostOf(source.entry, model);
}
