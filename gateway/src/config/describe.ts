import { collectDatabaseUrl, databaseName } from "./database-url.ts";
import type { Config } from "./schema.ts";
import { collectSecrets } from "./secrets.ts";

/** The effective configuration for a reader: in place of each key, whether it is set. */
export function describeConfig(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, unknown> {
  const { secrets } = collectSecrets(config, env);
  const providers = config.providers.map((provider) => {
    if (provider.apiKeyEnv === undefined) return { ...provider, apiKey: "none" };
    return { ...provider, apiKey: secrets.has(provider.name) ? "set" : "unset" };
  });
  const { tokenEnv } = config.control;
  const { url } = collectDatabaseUrl(config, env);
  const control = {
    ...config.control,
    token: env[tokenEnv] ? "set" : "unset",
    store: url === "" ? "SQLite in the data directory" : `PostgreSQL at ${databaseName(url)}`,
  };
  return { ...config, providers, control };
}
