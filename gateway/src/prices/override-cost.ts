import { createHash } from "node:crypto";
import type { PriceOverride } from "../config/price-override.ts";
import type { TokenCounts } from "../contracts/usage.ts";
import { type CostOf, priced, type PriceFacts, unpriced } from "./cost.ts";
import { chargedTools } from "./server-tools.ts";

/** The price of a model by weir.yaml. */
export function overrideCostOf(price: PriceOverride): CostOf {
  const version = overrideVersion(price);
  if (price.free === true) return () => priced(0, version);
  const { gpuSecond } = price;
  if (gpuSecond !== undefined) {
    return (_tokens, { upstreamMs }) =>
      upstreamMs === undefined ? unpriced : priced((upstreamMs / 1000) * gpuSecond, version);
  }
  return (tokens, facts) => {
    const forTokens = tokensUsd(price, tokens);
    const forTools = toolsUsd(price, facts);
    if (forTokens === null || forTools === null) return unpriced;
    return priced((price.request ?? 0) + forTokens + forTools, version);
  };
}

/** Names the rates: an override with another rate has another version. */
export function overrideVersion(price: PriceOverride): string {
  const sorted = JSON.stringify(price, Object.keys({ ...price, ...price.serverTools }).toSorted());
  const digest = createHash("sha256").update(sorted).digest("hex");
  return `weir.yaml+${digest.slice(0, 8)}`;
}

/** Null when the price depends on tokens that nobody told. */
function tokensUsd(price: PriceOverride, tokens: TokenCounts | null): number | null {
  const { input, output } = price;
  if (input === undefined || output === undefined) return 0;
  if (tokens === null) return null;
  const cacheWrite = price.cacheWrite ?? input;
  const perMillion =
    input * (tokens.inputUncached + tokens.toolUsePrompt) +
    (price.cacheRead ?? input) * tokens.cacheRead +
    cacheWrite * tokens.cacheWrite5m +
    (price.cacheWrite1h ?? cacheWrite) * tokens.cacheWrite1h +
    output * tokens.outputVisible +
    (price.reasoning ?? output) * tokens.outputReasoning +
    (price.audioIn ?? input) * tokens.audioIn +
    (price.audioOut ?? output) * tokens.audioOut;
  return perMillion / 1_000_000;
}

/** Null when a tool was used that the override gives no price. */
function toolsUsd({ serverTools = {} }: PriceOverride, facts: PriceFacts): number | null {
  let usd = 0;
  for (const [tool, times] of chargedTools(facts.serverToolCalls)) {
    const perCall = Object.hasOwn(serverTools, tool) ? serverTools[tool] : undefined;
    if (perCall === undefined) return null;
    usd += perCall * times;
  }
  return usd;
}
