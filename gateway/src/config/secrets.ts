import { readFileSync } from "node:fs";
import { ConfigError, type ConfigProblem } from "./problem.ts";
import type { Config } from "./schema.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads each provider's key from the variable that its `apiKeyEnv` names, or from the file that
 * `<NAME>_FILE` names.
 *
 * @returns provider name → key; a provider that names no variable has none.
 * @throws ConfigError that names every variable that is missing, and never a value.
 */
export function readProviderSecrets(
  config: Pick<Config, "providers">,
  env: Environment,
): ReadonlyMap<string, string> {
  const { secrets, problems } = collectSecrets(config, env);
  if (problems.length > 0) throw new ConfigError(problems);
  return secrets;
}

/** As {@link readProviderSecrets}, with the problems in the result. */
export function collectSecrets(
  config: Pick<Config, "providers">,
  env: Environment,
): { secrets: ReadonlyMap<string, string>; problems: readonly ConfigProblem[] } {
  const secrets = new Map<string, string>();
  const problems: ConfigProblem[] = [];
  for (const { name, apiKeyEnv } of config.providers) {
    if (apiKeyEnv === undefined) continue;
    const read = readSecret(apiKeyEnv, env);
    if ("value" in read) secrets.set(name, read.value);
    else problems.push({ source: apiKeyEnv, path: `provider ${name}`, message: read.fault });
  }
  return { secrets, problems };
}

/**
 * The password of the shared counters, from the variable that `limits.valkeyPasswordEnv` names or
 * from the file that `<NAME>_FILE` names; undefined when there is none.
 *
 * @throws ConfigError for one that cannot be read, never with its value.
 */
export function readValkeyPassword(
  { limits: { valkeyUrl, valkeyPasswordEnv: name } }: Pick<Config, "limits">,
  env: Environment,
): string | undefined {
  if (valkeyUrl === "" || name === "" || (!env[name] && !env[`${name}_FILE`])) return undefined;
  const read = readSecret(name, env);
  if ("value" in read) return read.value;
  throw new ConfigError([{ source: name, path: "limits.valkeyPasswordEnv", message: read.fault }]);
}

function readSecret(name: string, env: Environment): { value: string } | { fault: string } {
  const direct = env[name] ?? "";
  const file = env[`${name}_FILE`] ?? "";
  if (direct !== "" && file !== "") return { fault: `is set, and ${name}_FILE too. Unset one` };
  if (direct !== "") return checked(direct, "it");
  if (file === "") return { fault: `is not set. Set it, or ${name}_FILE, or remove apiKeyEnv` };
  try {
    return checked(readFileSync(file, "utf8"), `the file of ${name}_FILE`);
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    return { fault: `the file of ${name}_FILE cannot be read (${reason})` };
  }
}

// A header value: anything else would make every call fail with an error that shows the key.
const headerSafe = /^[\x21-\x7e]{1,4096}$/;

function checked(text: string, what: string): { value: string } | { fault: string } {
  const value = text.trim();
  if (value === "") return { fault: `${what} is empty` };
  if (headerSafe.test(value)) return { value };
  return { fault: `${what} is not a key: it holds spaces or other characters that no key has` };
}
