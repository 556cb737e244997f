import type { Config, ProviderConfig } from "./schema.ts";

/** What the simulator's made-up models cost, so that a first run shows spend. USD per million. */
const prices: ProviderConfig["prices"] = {
  "*": { input: 1, output: 4, cacheRead: 0.1, cacheWrite: 1.25 },
};

/** Whether this configuration wants the built-in upstream. */
export function needsSimulator(config: Pick<Config, "simulator" | "providers">): boolean {
  if (config.simulator === "auto") return config.providers.length === 0;
  return config.simulator === "on";
}

/**
 * Adds the running simulator as a provider of every dialect: for every model when it is alone,
 * beside other providers for `sim-*` only and before them, so that it answers no call meant for them.
 *
 * @param url the simulator's address, without a path.
 */
export function withSimulator(config: Config, url: string): Config {
  const isAlone = config.providers.length === 0;
  const common = { name: "simulator", models: isAlone ? ["*"] : ["sim-*"], prices };
  const providers: ProviderConfig[] = [
    { ...common, dialect: "openai", baseUrl: `${url}/v1`, webSocket: true },
    { ...common, dialect: "anthropic", baseUrl: url },
    { ...common, dialect: "gemini", baseUrl: url },
    ...config.providers,
  ];
  return Object.freeze({ ...config, providers: Object.freeze(providers) });
}
