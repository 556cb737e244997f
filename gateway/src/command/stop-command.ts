import { Argument, type Command } from "commander";
import type { ConfigFlags } from "../config/overrides.ts";
import { type StopKind, stopKinds } from "../contracts/stop.ts";
import { addDataOptions } from "./config-options.ts";
import type { Host } from "./host.ts";

export interface StopFlags extends ConfigFlags {
  readonly reason?: string;
  readonly json?: boolean;
}

export interface StopListFlags extends ConfigFlags {
  readonly all?: boolean;
  readonly json?: boolean;
}

const help = `
Proxies have it within a second: they refuse the target's calls and cut those under way. It holds
until somebody lifts it, through restarts and while control is down.

  agent    ada/triage, the id of a service, or triage: every agent that is called so
  person   with every agent of theirs or in their name
  session  as the client names it
  key      by its id, in all its rotations
  tool     name or server/name, * as wildcard
  all      every call

Examples:
  weir stop agent ada/triage --reason "deletes mails"
  weir stop all --reason "incident 42"
  weir stop list
  weir stop lift 0190c0de-0000-7000-8000-000000000000 --reason "it was a test"`;

export function addStopCommand(program: Command, host: Host): void {
  const stop = addDataOptions(program.command("stop"))
    // What comes after a subcommand is the subcommand's.
    .enablePositionalOptions()
    .description("Stop an agent, a person, a session, a key, a tool or everything, at once")
    .addArgument(new Argument("<kind>", "what to stop").choices(stopKinds))
    .argument("[id]", "which one; none for `all`")
    // Not required here: its subcommands would need it too.
    .option("--reason <text>", "why (needed); the stopped client is shown it")
    .option("--json", "print JSON")
    .addHelpText("after", help)
    .action(async (kind: StopKind, id: string | undefined, flags: StopFlags) => {
      const { stopIt } = await import("./stop/set.ts");
      await stopIt(kind, id ?? "", flags, host);
    });
  addDataOptions(stop.command("list"))
    .description("List the stops in force, newest first")
    .option("--all", "those that have been lifted too")
    .option("--json", "print JSON")
    .addHelpText("after", "\nExample:\n  weir stop list --all")
    .action(async (flags: StopListFlags) => {
      const { listAllStops } = await import("./stop/list.ts");
      await listAllStops(flags, host);
    });
  addDataOptions(stop.command("lift"))
    .description("Let what was stopped go on")
    .argument("<id>", "as `weir stop list` shows it")
    .requiredOption("--reason <text>", "why")
    .addHelpText("after", '\nExample:\n  weir stop lift <id> --reason "it was a test"')
    .action(async (id: string, flags: StopFlags) => {
      const { liftIt } = await import("./stop/lift.ts");
      await liftIt(id, flags, host);
    });
}
