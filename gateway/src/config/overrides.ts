import type { ConfigProblem, SettingPath } from "./problem.ts";

/** The options of the command line that are settings, as they were typed. */
export interface ConfigFlags {
  readonly config?: string | undefined;
  readonly dataDir?: string | undefined;
  readonly gatewayPort?: string | undefined;
  readonly consolePort?: string | undefined;
  readonly metricsPort?: string | undefined;
  readonly workers?: string | undefined;
}

export interface Override {
  readonly path: SettingPath;
  readonly value: unknown;
  /** `--workers` or `WEIR_WORKERS`. */
  readonly source: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

const table: readonly {
  readonly path: SettingPath;
  readonly variable: string;
  readonly flag?: keyof ConfigFlags;
  readonly kind: "text" | "integer";
}[] = [
  { path: ["dataDir"], variable: "WEIR_DATA_DIR", flag: "dataDir", kind: "text" },
  {
    path: ["gateway", "port"],
    variable: "WEIR_GATEWAY_PORT",
    flag: "gatewayPort",
    kind: "integer",
  },
  {
    path: ["console", "port"],
    variable: "WEIR_CONSOLE_PORT",
    flag: "consolePort",
    kind: "integer",
  },
  {
    path: ["metrics", "port"],
    variable: "WEIR_METRICS_PORT",
    flag: "metricsPort",
    kind: "integer",
  },
  { path: ["workers"], variable: "WEIR_WORKERS", flag: "workers", kind: "integer" },
  { path: ["simulator"], variable: "WEIR_SIMULATOR", kind: "text" },
  { path: ["control", "url"], variable: "WEIR_CONTROL_URL", kind: "text" },
];

/** What flags and environment say: a flag wins over a variable, an empty variable says nothing. */
export function readOverrides(
  flags: ConfigFlags,
  env: Environment,
): { overrides: Override[]; problems: ConfigProblem[] } {
  const overrides: Override[] = [];
  const problems: ConfigProblem[] = [];
  for (const { path, variable, flag, kind } of table) {
    const flagText = flag === undefined ? undefined : flags[flag];
    const text = flagText ?? (env[variable] === "" ? undefined : env[variable]);
    if (text === undefined) continue;
    const source = flagText === undefined || flag === undefined ? variable : flagName(flag);
    if (kind === "text") overrides.push({ path, value: text, source });
    else if (/^\d{1,9}$/.test(text)) overrides.push({ path, value: Number(text), source });
    else problems.push({ source, path: "", message: notAnInteger(text, source) });
  }
  return { overrides, problems };
}

function flagName(flag: string): string {
  return `--${flag.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function notAnInteger(text: string, source: string): string {
  const message = `must be a whole number, not ${JSON.stringify(text.slice(0, 80))}`;
  if (!text.startsWith("tcp://") || !source.startsWith("WEIR_")) return message;
  return `${message}. Kubernetes sets it for a service of that name: put enableServiceLinks: false into the pod's spec`;
}
