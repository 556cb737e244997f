import type { Config, ProviderConfig } from "../../config/schema.ts";
import { withSimulator } from "../../config/simulator.ts";

/** Every provider that calls on record may name, each once: the configured ones and the simulator. */
export function configuredProviders(config: Config): ProviderConfig[] {
  const { providers } = withSimulator(config, "http://127.0.0.1");
  return [...new Map(providers.toReversed().map((each) => [each.name, each])).values()];
}
