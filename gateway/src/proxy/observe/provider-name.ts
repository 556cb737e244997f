/** `gen_ai.provider.name` and `server.*` of a configured provider. */
import type { ObservedProvider } from "./observed-call.ts";

export interface ProviderIdentity {
  readonly name: string;
  readonly address: string;
  readonly port: number;
}

/** Of a call that Weir answered without asking a provider. */
export const answeredByWeir = "weir";

/** Well-known values of the conventions by the end of the host's name; the first that fits. */
const byHost: readonly (readonly [RegExp, string])[] = [
  [/\.openai\.azure\.com$/, "azure.ai.openai"],
  [/\.(?:services\.ai|inference\.ai|models\.ai)\.azure\.com$/, "azure.ai.inference"],
  [/(?:^|\.)openai\.com$/, "openai"],
  [/(?:^|\.)anthropic\.com$/, "anthropic"],
  [/^generativelanguage\.googleapis\.com$/, "gcp.gemini"],
  [/(?:^|-)aiplatform\.googleapis\.com$/, "gcp.vertex_ai"],
  [/^bedrock(?:-runtime)?(?:-fips)?\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?$/, "aws.bedrock"],
  [/(?:^|\.)mistral\.ai$/, "mistral_ai"],
  [/(?:^|\.)deepseek\.com$/, "deepseek"],
  [/(?:^|\.)groq\.com$/, "groq"],
  [/(?:^|\.)x\.ai$/, "x_ai"],
  [/(?:^|\.)cohere\.(?:ai|com)$/, "cohere"],
  [/(?:^|\.)perplexity\.ai$/, "perplexity"],
  [/(?:^|\.)moonshot\.(?:ai|cn)$/, "moonshot_ai"],
  [/\.ml\.cloud\.ibm\.com$/, "ibm.watsonx.ai"],
];

/** Others are told by the format that they speak: the attribute names a flavour of telemetry. */
const byDialect: ReadonlyMap<string, string> = new Map([
  ["openai", "openai"],
  ["anthropic", "anthropic"],
  ["gemini", "gcp.gemini"],
]);

/** Who a provider is, worked out once for each: the configuration does not change. */
export class ProviderIdentities {
  readonly #known = new Map<string, ProviderIdentity>();

  of(provider: ObservedProvider): ProviderIdentity {
    const key = `${provider.dialect}\n${provider.baseUrl}`;
    let identity = this.#known.get(key);
    if (identity === undefined) {
      identity = identify(provider);
      this.#known.set(key, identity);
    }
    return identity;
  }
}

function identify({ dialect, baseUrl }: ObservedProvider): ProviderIdentity {
  const { hostname, port, protocol } = new URL(baseUrl);
  const wellKnown = byHost.find(([pattern]) => pattern.test(hostname));
  return {
    name: wellKnown?.[1] ?? byDialect.get(dialect) ?? dialect,
    address: hostname,
    port: port === "" ? (protocol === "http:" ? 80 : 443) : Number(port),
  };
}
