import type { Command } from "commander";
import { describeConfig } from "../config/describe.ts";
import { findConfigFile } from "../config/load-config.ts";
import type { ConfigFlags } from "../config/overrides.ts";
import { addDataOptions, loadFor } from "./config-options.ts";
import type { Host } from "./host.ts";

export function addConfigCommand(program: Command, host: Host): void {
  const config = program.command("config").description("Look at the configuration");
  addDataOptions(config.command("check"))
    .description("Check the configuration, and print it as it is in effect, without secrets")
    .option("--json", "print JSON instead of YAML")
    .addHelpText(
      "after",
      `
Every problem is reported at once, with its line. Keys show as set or unset.

Examples:
  weir config check
  weir config check --config /etc/weir/weir.yaml --json`,
    )
    .action((flags: ConfigFlags & { json?: boolean }) => check(flags, host));
}

async function check(flags: ConfigFlags & { json?: boolean }, host: Host): Promise<void> {
  const config = loadFor(host, flags, true);
  const described = describeConfig(config, host.env);
  if (flags.json === true) {
    host.stdout.write(`${JSON.stringify(described, null, 2)}\n`);
    return;
  }
  const { stringify } = await import("yaml");
  const file = findConfigFile({ env: host.env, cwd: host.cwd, flags });
  const from = file === null ? "no file; defaults and environment" : file;
  host.stdout.write(`# in effect, from: ${from}\n${stringify(described)}`);
}
