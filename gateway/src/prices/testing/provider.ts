import type { ProviderConfig } from "../../config/schema.ts";
import type { TokenCounts } from "../../contracts/usage.ts";

/** A provider `p` at OpenAI's address, without prices of its own, unless `fields` say otherwise. */
export function provider(fields: Partial<ProviderConfig>): ProviderConfig {
  return {
    name: "p",
    dialect: "openai",
    baseUrl: "https://api.openai.com/v1",
    models: ["*"],
    prices: {},
    webSocket: false,
    forwardTraceContext: false,
    ...fields,
  };
}

export const noTokens: TokenCounts = {
  inputUncached: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  outputVisible: 0,
  outputReasoning: 0,
  toolUsePrompt: 0,
  audioIn: 0,
  audioOut: 0,
};
