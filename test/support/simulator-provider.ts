/** The configuration that sends every call to a simulator which the test itself runs. */
import type { PartialConfig } from "./start-weir.ts";

export function simulatorProviders(simulatorUrl: string): PartialConfig {
  const prices = { "*": { input: 1, output: 4, cacheRead: 0.1, cacheWrite: 1.25 } };
  return {
    providers: [
      { name: "sim-openai", dialect: "openai", baseUrl: `${simulatorUrl}/v1`, prices },
      { name: "sim-anthropic", dialect: "anthropic", baseUrl: simulatorUrl, prices },
    ],
  };
}
