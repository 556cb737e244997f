import type { ProviderConfig } from "./schema.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** In the order in which they are asked: Gemini's own models come before the `*` of OpenAI. */
const builtIns: readonly (ProviderConfig & { readonly apiKeyEnv: string })[] = [
  {
    name: "anthropic",
    dialect: "anthropic",
    baseUrl: "https://api.anthropic.com",
    apiKeyEnv: "ANTHROPIC_API_KEY",
    models: ["claude-*", "*"],
    prices: {},
  },
  {
    name: "gemini",
    dialect: "gemini",
    baseUrl: "https://generativelanguage.googleapis.com",
    apiKeyEnv: "GEMINI_API_KEY",
    models: ["gemini-*", "gemma-*", "learnlm-*"],
    prices: {},
  },
  {
    // The same models under Google's own OpenAI-compatible address: nothing to translate.
    name: "gemini",
    dialect: "openai",
    baseUrl: "https://generativelanguage.googleapis.com/v1beta/openai",
    apiKeyEnv: "GEMINI_API_KEY",
    models: ["gemini-*", "gemma-*", "learnlm-*"],
    prices: {},
  },
  {
    name: "openai",
    dialect: "openai",
    baseUrl: "https://api.openai.com/v1",
    apiKeyEnv: "OPENAI_API_KEY",
    models: ["*"],
    prices: {},
    webSocket: true,
  },
];

/**
 * The providers whose usual variable is set. One that the file names itself, by its name or by its
 * variable, is left out: what the file says about it is meant to hold.
 */
export function builtInProviders(
  configured: readonly ProviderConfig[],
  env: Environment,
): ProviderConfig[] {
  return builtIns.filter(
    ({ name, apiKeyEnv }) =>
      isSet(env, apiKeyEnv) &&
      !configured.some((provider) => provider.name === name || provider.apiKeyEnv === apiKeyEnv),
  );
}

function isSet(env: Environment, name: string): boolean {
  return Boolean(env[name]) || Boolean(env[`${name}_FILE`]);
}
