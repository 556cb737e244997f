import type { Command } from "commander";
import { loadConfig } from "../config/load-config.ts";
import type { ConfigFlags } from "../config/overrides.ts";
import type { Config } from "../config/schema.ts";
import type { Host } from "./host.ts";

/** `--config` and `--data-dir`, which every command takes that looks at a Weir's data. */
export function addDataOptions(command: Command): Command {
  return command
    .option(
      "--config <file>",
      "configuration file (WEIR_CONFIG; default: weir.yaml, if there is one)",
    )
    .option("--data-dir <folder>", "data directory (WEIR_DATA_DIR; default: .weir)");
}

/** Ports and workers: what running Weir needs besides. */
export function addRunOptions(command: Command): Command {
  return addDataOptions(command)
    .option(
      "--gateway-port <port>",
      "gateway, 0 = any free port (WEIR_GATEWAY_PORT; default: 7777)",
    )
    .option("--console-port <port>", "console and API (WEIR_CONSOLE_PORT; default: 7778)")
    .option("--metrics-port <port>", "metrics and health (WEIR_METRICS_PORT; default: 7779)")
    .option("--workers <count>", "proxy workers, 0 = cores less one (WEIR_WORKERS; default: 0)")
    .option("--json", "a line of JSON when ready, then logs as JSON lines (WEIR_JSON)");
}

/** @throws ConfigError */
export function loadFor(
  host: Host,
  flags: ConfigFlags,
  needsSecrets: boolean,
  needsClientSecret = false,
): Config {
  return loadConfig({ env: host.env, cwd: host.cwd, flags, needsSecrets, needsClientSecret });
}
