import { existsSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Value } from "typebox/value";
import { builtInProviders } from "./built-in-providers.ts";
import { collectDatabaseUrl } from "./database-url.ts";
import { complete } from "./complete.ts";
import { crossProblems } from "./cross-checks.ts";
import { freeze } from "./freeze.ts";
import { type ConfigFlags, type Override, readOverrides } from "./overrides.ts";
import { ConfigError, type ConfigProblem, formatPath, type SettingPath } from "./problem.ts";
import { type ConfigSource, parseConfig, readConfigFile } from "./read-file.ts";
import { schemaProblems } from "./schema-problems.ts";
import { type Config, ConfigFile } from "./schema.ts";
import { collectClientSecret, collectScimToken, collectSecrets } from "./secrets.ts";

export interface LoadConfigOptions {
  /** Left out: `--config`, else WEIR_CONFIG, else `weir.yaml` in `cwd` if there is one. */
  readonly file?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly flags: ConfigFlags;
  readonly cwd: string;
  /** False for processes that never call a provider: their environment need not hold the keys. */
  readonly needsSecrets?: boolean;
  /** True for processes that run control, which talks to the identity provider. */
  readonly needsClientSecret?: boolean;
}

/**
 * Loads the configuration: defaults, overlaid by the file, by WEIR_* variables, by flags. Paths
 * come out absolute: those of the file are relative to the file, others to `cwd`.
 *
 * @returns the frozen configuration, in which the providers of well-known variables are included.
 * @throws ConfigError with every problem.
 */
export function loadConfig(options: LoadConfigOptions): Config {
  const { env, flags, cwd } = options;
  const file = findConfigFile(options);
  const source = file === null ? parseConfig("", "") : readConfigFile(file);
  const { overrides, problems } = readOverrides(flags, env);
  const values = complete(source.values, overrides);
  const found = [...schemaProblems(ConfigFile, values), ...crossProblems(values)];
  const located = found.map(({ path, message }) => ({
    source: originOf(path, overrides, source),
    path: formatPath(path),
    message,
  }));
  const all: ConfigProblem[] = [...source.problems, ...problems, ...located];
  if (!Value.Check(ConfigFile, values)) throw new ConfigError(all);
  const base = file === null ? cwd : dirname(file);
  const isOverridden = overrides.some(({ path }) => path[0] === "dataDir");
  const hasDataDir = "dataDir" in source.values;
  const config: Config = {
    ...values,
    dataDir: resolve(hasDataDir && !isOverridden ? base : cwd, values.dataDir),
    providers: [...values.providers, ...builtInProviders(values.providers, env)],
    policies: { directory: absolute(base, values.policies.directory) },
  };
  all.push(...directoryProblems(config, source));
  if (options.needsSecrets !== false) {
    all.push(...collectSecrets(config, env).problems);
    all.push(...collectDatabaseUrl(config, env).problems);
  }
  if (options.needsClientSecret === true) {
    all.push(...collectClientSecret(config, env).problems);
    all.push(...collectScimToken(config, env).problems);
  }
  if (all.length > 0) throw new ConfigError(all);
  return freeze(config);
}

/** The configuration file that would be read, absolute; null when there is none. */
export function findConfigFile({
  file,
  env,
  flags,
  cwd,
}: Pick<LoadConfigOptions, "file" | "env" | "flags" | "cwd">): string | null {
  const named = file ?? flags.config ?? (env["WEIR_CONFIG"] || undefined);
  if (named !== undefined) return resolve(cwd, named);
  const usual = join(cwd, "weir.yaml");
  return existsSync(usual) ? usual : null;
}

function absolute(base: string, path: string): string {
  return path === "" ? "" : resolve(base, path);
}

function directoryProblems(config: Config, source: ConfigSource): ConfigProblem[] {
  const { directory } = config.policies;
  if (directory === "" || existsSync(directory)) return [];
  const path = ["policies", "directory"];
  const message = `there is no folder ${directory}. Create it, or leave it empty for the starter set`;
  return [{ source: source.locate(path), path: formatPath(path), message }];
}

function originOf(path: SettingPath, overrides: readonly Override[], source: ConfigSource): string {
  const override = overrides.find((each) => formatPath(each.path) === formatPath(path));
  return override?.source ?? source.locate(path);
}
