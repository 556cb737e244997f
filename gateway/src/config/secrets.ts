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
 * The secret of Weir as a client of the identity provider; null for a public client.
 *
 * @throws ConfigError that names the variable, and never its value.
 */
export function readClientSecret(
  config: Pick<Config, "identity">,
  env: Environment,
): string | null {
  const { secret, problems } = collectClientSecret(config, env);
  if (problems.length > 0) throw new ConfigError(problems);
  return secret;
}

/** As {@link readClientSecret}, with the problem in the result. */
export function collectClientSecret(
  { identity }: Pick<Config, "identity">,
  env: Environment,
): { secret: string | null; problems: readonly ConfigProblem[] } {
  const name = identity.oidc?.clientSecretEnv;
  if (name === undefined) return { secret: null, problems: [] };
  const read = readSecret(name, env, "clientSecretEnv");
  if ("value" in read) return { secret: read.value, problems: [] };
  const path = "identity.oidc.clientSecretEnv";
  return { secret: null, problems: [{ source: name, path, message: read.fault }] };
}

// Weir has no say in how long a token of one's own making is; guessing must not be worth trying.
const minTokenLength = 32;

/**
 * The token by which an identity provider keeps the directory up to date; empty = it cannot.
 *
 * @throws ConfigError that names the variable, and never its value.
 */
export function readScimToken(config: Pick<Config, "identity">, env: Environment): string {
  const { token, problems } = collectScimToken(config, env);
  if (problems.length > 0) throw new ConfigError(problems);
  return token;
}

/** As {@link readScimToken}, with the problem in the result. */
export function collectScimToken(
  { identity }: Pick<Config, "identity">,
  env: Environment,
): { token: string; problems: readonly ConfigProblem[] } {
  const name = identity.scim?.tokenEnv;
  if (name === undefined) return { token: "", problems: [] };
  const read = readSecret(name, env, "identity.scim");
  const fault = "fault" in read ? read.fault : shortFault(read.value);
  if (fault === "" && "value" in read) return { token: read.value, problems: [] };
  const path = "identity.scim.tokenEnv";
  return { token: "", problems: [{ source: name, path, message: fault }] };
}

function shortFault(token: string): string {
  if (token.length >= minTokenLength) return "";
  return `is shorter than ${minTokenLength} characters. Make one with: openssl rand -hex 32`;
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

function readSecret(
  name: string,
  env: Environment,
  setting = "apiKeyEnv",
): { value: string } | { fault: string } {
  const read = readVariable(name, env);
  if (read === null) return { fault: `is not set. Set it, or ${name}_FILE, or remove ${setting}` };
  return "fault" in read ? read : checked(read.text, read.what);
}

/** The text of a variable, or of the file that `<NAME>_FILE` names; null when neither is set. */
export function readVariable(
  name: string,
  env: Environment,
): { readonly text: string; readonly what: string } | { readonly fault: string } | null {
  const direct = env[name] ?? "";
  const file = env[`${name}_FILE`] ?? "";
  if (direct !== "" && file !== "") return { fault: `is set, and ${name}_FILE too. Unset one` };
  if (direct !== "") return { text: direct, what: "it" };
  if (file === "") return null;
  const what = `the file of ${name}_FILE`;
  try {
    return { text: readFileSync(file, "utf8"), what };
  } catch (error) {
    const reason = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    return { fault: `${what} cannot be read (${reason})` };
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
