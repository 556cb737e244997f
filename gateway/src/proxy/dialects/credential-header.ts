import type { ProviderDialect } from "../../config/schema.ts";

/** Header that carries a provider's key, by the kind of provider. */
export const credentialHeader: Readonly<
  Record<ProviderDialect, (apiKey: string) => [name: string, value: string]>
> = {
  openai: (apiKey) => ["authorization", `Bearer ${apiKey}`],
  anthropic: (apiKey) => ["x-api-key", apiKey],
  gemini: (apiKey) => ["x-goog-api-key", apiKey],
};
