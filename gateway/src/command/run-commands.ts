import type { Command } from "commander";
import { addRunOptions } from "./config-options.ts";
import { exitCodeHelp } from "./exit-code-help.ts";
import type { Host } from "./host.ts";
import type { RunCommand, RunFlags } from "./run-supervised.ts";

const commands: readonly { name: RunCommand; description: string; help: string }[] = [
  {
    name: "start",
    description: "Run all of Weir on this machine: gateway, console, embedded stores",
    help: `
Examples:
  weir start
  OPENAI_API_KEY=sk-… weir start --workers 4
  weir start --json --data-dir /var/lib/weir --gateway-port 0 --console-port 0 --metrics-port 0`,
  },
  {
    name: "proxy",
    description: "Run only proxies, which get keys and policies from a control elsewhere",
    help: `
Example:
  WEIR_CONTROL_TOKEN=… WEIR_CONTROL_URL=https://control.example.com weir proxy`,
  },
  {
    name: "control",
    description: "Run only control: console, API, snapshots for proxies elsewhere",
    help: `
Example:
  WEIR_CONTROL_TOKEN=$(openssl rand -hex 32) weir control --console-port 7778`,
  },
];

export function addRunCommands(program: Command, host: Host): void {
  for (const { name, description, help } of commands) {
    addRunOptions(program.command(name).description(description))
      .addHelpText("after", `${help}\n${exitCodeHelp}`)
      .action(async (flags: RunFlags) => {
        const { runSupervised } = await import("./run-supervised.ts");
        await runSupervised(name, flags, host);
      });
  }
}
