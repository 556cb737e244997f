import type { Cost, TokenCounts } from "../contracts/usage.ts";

/** What besides tokens a price may depend on. */
export interface PriceFacts {
  /** Unix milliseconds at which the call was made; left out = now. */
  readonly atMs?: number;
  /** How long the provider's answer took, from the request's dispatch to the answer's end. */
  readonly upstreamMs?: number;
  /** Calls of tools that the provider ran itself, by tool. */
  readonly serverToolCalls?: Readonly<Record<string, number>>;
}

/** Prices one call of one model. */
export type CostOf = (tokens: TokenCounts | null, facts: PriceFacts) => Cost;

/** A call that no provider bills: it was refused, or the provider answered with an error. */
export const notBilled: Cost = { microUsd: null, status: "not_billed", priceVersion: "" };

export const unpriced: Cost = { microUsd: null, status: "unpriced", priceVersion: "" };

/** @param usd - unrounded; a sum that is no number is no price either. */
export function priced(usd: number, priceVersion: string): Cost {
  const microUsd = Math.round(usd * 1_000_000);
  if (!Number.isSafeInteger(microUsd) || microUsd < 0) return unpriced;
  return { microUsd, status: "priced", priceVersion };
}
