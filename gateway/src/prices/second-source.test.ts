import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { TokenCounts } from "../contracts/usage.ts";
import { createPricer } from "./pricer.ts";
import { noTokens, provider } from "./testing/provider.ts";

type Rate = "input" | "output" | "cacheRead" | "cacheWrite" | "cacheWrite1h";
interface Listed extends Partial<Record<Rate, number>> {
  readonly provider: string;
  readonly model: string;
}

const tokenClass: Readonly<Record<Rate, keyof TokenCounts>> = {
  input: "inputUncached",
  output: "outputVisible",
  cacheRead: "cacheRead",
  cacheWrite: "cacheWrite5m",
  cacheWrite1h: "cacheWrite1h",
};
const rates = Object.keys(tokenClass).filter((name): name is Rate => name in tokenClass);

/** Rates (USD per million tokens) in which the two sources differ by more than a tenth, and why. */
const differences: Readonly<Record<string, string>> = {
  // The table has no entry of its own and takes the name for Sonnet 5. The second source names the
  // model, and Opus 5.5 has the same cheaper cache reads: it is right. Too high, never too low.
  "anthropic/claude-sonnet-5-5 cacheRead": "0.2 here, 0.1 there",
  // Speech models have no context cache: neither rate is ever charged.
  "gemini/gemini-2.5-pro-preview-tts cacheRead": "1 here, 0.125 there",
  // OpenAI lists no price for cached input of the search models: what has none costs full price.
  "openai/gpt-4o-search-preview cacheRead": "2.5 here, 1.25 there",
  "openai/gpt-4o-search-preview-2025-03-11 cacheRead": "2.5 here, 1.25 there",
};

/** Models that the second source prices and the table does not: their calls are unpriced. */
const unpricedHere = new Set([
  "anthropic/claude-haiku-5-5",
  "anthropic/claude-mythos-5",
  "anthropic/claude-mythos-5-1",
  "anthropic/claude-mythos-preview",
  "gemini/deep-research-max-preview-04-2026",
  "gemini/deep-research-preview-04-2026",
  "gemini/deep-research-pro-preview-12-2025",
  "gemini/gemini-2.5-computer-use-preview-10-2025",
  "gemini/gemini-4-argon",
  "gemini/gemini-embedding-2-preview",
  "gemini/gemini-flash-latest",
  "gemini/gemini-flash-lite-latest",
  "gemini/gemini-gemma-2-27b-it",
  "gemini/gemini-gemma-2-9b-it",
  "gemini/gemini-omni-1.1-flash",
  "gemini/gemini-pro-latest",
  "gemini/gemini-robotics-er-2-preview",
  "gemini/gemini-robotics-er-2-streaming-preview",
  // Listed by both as free of charge, which the table says by giving no rate.
  "gemini/gemma-3-27b-it",
  "gemini/gemma-4-26b-a4b-it",
  "gemini/gemma-4-31b-it",
  "openai/chat-latest",
  "openai/daybreak-blue-latest",
  "openai/daybreak-red-latest",
  "openai/gpt-5-search-api",
  "openai/gpt-5-search-api-2025-10-14",
  "openai/gpt-5.5-cyber",
  "openai/gpt-5.5-cyber-preview",
  "openai/gpt-5.6-cyber",
  "openai/gpt-6-astra-law",
  "openai/gpt-6-rosalind",
  "openai/gpt-6.1-sol",
  "openai/gpt-6.1-terra",
  "openai/gpt-daybreak-blue-latest",
  "openai/gpt-daybreak-red-latest",
  "openai/gpt-rosalind-discovery",
  "openai/gpt-rosalind-research",
]);

const file = readFileSync(join(import.meta.dirname, "testing/second-source.json"), "utf8");
const { models }: { models: Listed[] } = JSON.parse(file);
const pricer = createPricer([
  provider({ name: "openai" }),
  provider({ name: "anthropic", baseUrl: "https://api.anthropic.com" }),
  provider({ name: "gemini", baseUrl: "https://generativelanguage.googleapis.com" }),
]);
// Prices by date are compared as of the day on which both sources were taken.
const facts = { atMs: Date.UTC(2026, 10, 23) };

/** USD per million tokens, of a prompt short enough for the first tier; null = unpriced. */
function rateHere({ provider: name, model }: Listed, rate: Rate): number | null {
  const tokens = { ...noTokens, [tokenClass[rate]]: 100_000 };
  const { microUsd } = pricer.price(name, model, tokens, facts);
  return microUsd === null ? null : microUsd / 100_000;
}

test("the price table and a second source agree within a tenth, but for what is listed here", () => {
  const found: Record<string, string> = {};
  const compared = new Set<string>();
  for (const listed of models) {
    for (const rate of rates) {
      const [here, there] = [rateHere(listed, rate), listed[rate]];
      if (here === null || there === undefined) continue;
      const model = `${listed.provider}/${listed.model}`;
      compared.add(model);
      if (Math.abs(here - there) <= 0.1 * Math.max(here, there)) continue;
      found[`${model} ${rate}`] = `${here} here, ${there} there`;
    }
  }
  expect(found).toEqual(differences);
  expect(compared.size).toBeGreaterThan(130);
});

test("what the second source prices and the table does not is unpriced, and listed here", () => {
  const missing = models
    .filter((listed) => rates.every((rate) => rateHere(listed, rate) === null))
    .map((listed) => `${listed.provider}/${listed.model}`);
  expect(new Set(missing)).toEqual(unpricedHere);
});
