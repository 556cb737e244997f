/** Where a setting is: object keys and list indices, from the root of the configuration. */
export type SettingPath = readonly (string | number)[];

export interface ConfigProblem {
  /** Where the value came from: `weir.yaml:4:7`, `WEIR_WORKERS`, `--workers`; empty = not given. */
  readonly source: string;
  /** `providers[0].dialect`; empty for the configuration as a whole. */
  readonly path: string;
  /** What is wrong, and what is allowed. Never holds a secret. */
  readonly message: string;
}

const MAX_PRINTED = 50;

/** All that is wrong with a configuration, at once. */
export class ConfigError extends Error {
  readonly code = "WEIR_CONFIG_INVALID";
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.slice(0, MAX_PRINTED).map((problem) => `  ${formatProblem(problem)}`);
    const rest = problems.length - lines.length;
    if (rest > 0) lines.push(`  … and ${rest} more`);
    const count = problems.length === 1 ? "one problem" : `${problems.length} problems`;
    super(`the configuration has ${count}:\n${lines.join("\n")}`);
    this.name = "ConfigError";
    this.problems = problems;
  }
}

export function formatProblem({ source, path, message }: ConfigProblem): string {
  return [source, path, message].filter((part) => part !== "").join(": ");
}

export function formatPath(path: SettingPath): string {
  return path
    .map((part) => (typeof part === "number" ? `[${part}]` : `.${part}`))
    .join("")
    .replace(/^\./, "");
}
