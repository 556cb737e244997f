import type { TokenCounts } from "../contracts/usage.ts";
import { type CostOf, priced, unpriced } from "./cost.ts";

type TokenClass = keyof TokenCounts;

const classes: readonly TokenClass[] = [
  "inputUncached",
  "cacheRead",
  "cacheWrite5m",
  "cacheWrite1h",
  "outputVisible",
  "outputReasoning",
  "toolUsePrompt",
  "audioIn",
  "audioOut",
];

/** Enough that a rate in micro-USD is whole: the table's finest is a millionth of a dollar per million. */
const PROBE_TOKENS = 1_000_000;

/** Rates that tokens have no part in. */
const ofTools = new Set(["web_searches_kcount", "storage_searches_kcount"]);

/** Whether a model's price is the same for every token, whatever their number and the time of day. */
export function isLinear(prices: unknown): boolean {
  if (typeof prices !== "object" || prices === null || Array.isArray(prices)) return false;
  return Object.entries(prices).every(
    ([unit, rate]) => typeof rate === "number" && (unit.endsWith("_mtok") || ofTools.has(unit)),
  );
}

/**
 * The same costs as `slow`, which has to be linear in each token class, at a hundredth of its time:
 * each class is asked for once, and from then on it is a sum. Calls of the provider's own tools go
 * to `slow`.
 */
export function linearCostOf(slow: CostOf): CostOf {
  const rates = classes.map((name) => [name, rateOf(slow, name)] as const);
  return (tokens, facts) => {
    if (tokens === null || hasAny(facts.serverToolCalls)) return slow(tokens, facts);
    let microUsd = 0;
    let version = "";
    for (const [name, rate] of rates) {
      const count = tokens[name];
      if (count === 0) continue;
      if (rate === null) return slow(tokens, facts);
      microUsd += count * rate.microUsdPerMillion;
      version = rate.priceVersion;
    }
    // Nothing at all was used, which `slow` knows a version for.
    if (version === "") return slow(tokens, facts);
    return priced(microUsd / PROBE_TOKENS / 1_000_000, version);
  };
}

function rateOf(slow: CostOf, name: TokenClass) {
  const none = Object.fromEntries(classes.map((each) => [each, 0]));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  const probe = { ...none, [name]: PROBE_TOKENS } as TokenCounts;
  const { microUsd, status, priceVersion } = slow(probe, {});
  if (status === unpriced.status || microUsd === null) return null;
  return { microUsdPerMillion: microUsd, priceVersion };
}

function hasAny(calls: Readonly<Record<string, number>> | undefined): boolean {
  for (const name in calls) if (Object.hasOwn(calls, name)) return true;
  return false;
}
