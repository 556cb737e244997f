import { Command, CommanderError } from "commander";
import { exitCodes } from "../supervisor/fault.ts";
import { addAuditCommand } from "./audit-command.ts";
import { addAgentCommand } from "./agent-command.ts";
import { addBudgetCommand } from "./budget-command.ts";
import { addConfigCommand } from "./config-command.ts";
import { addContentCommand } from "./content-command.ts";
import { addDoctorCommand } from "./doctor-command.ts";
import { exitCodeHelp } from "./exit-code-help.ts";
import { type Host, readVersion } from "./host.ts";
import { addKeyCommand } from "./key-command.ts";
import { addLedgerCommand } from "./ledger-command.ts";
import { addLoginCommands } from "./login-command.ts";
import { addLoginLinkCommand } from "./login-link-command.ts";
import { addPersonCommand } from "./person-command.ts";
import { addPolicyCommand } from "./policy-command.ts";
import { addPricesCommand } from "./prices-command.ts";
import { reportError } from "./report-error.ts";
import { addRunCommands } from "./run-commands.ts";
import { addStopCommand } from "./stop-command.ts";
import { addSimulatorCommand } from "./simulator-command.ts";

/** Runs the command line. `args` without node and script. The exit code is in the host. */
export async function runCommandLine(args: readonly string[], host: Host): Promise<void> {
  try {
    await createProgram(host).parseAsync(args, { from: "user" });
  } catch (error) {
    if (error instanceof CommanderError) {
      // Commander has said what is wrong; its code for help and version is 0.
      host.exitCode = error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
    } else reportError(error, host);
  }
}

function createProgram(host: Host): Command {
  const program = new Command("weir")
    .description("A gateway that decides, records and shows what LLM agents do")
    .version(readVersion())
    // `weir stop` has options of its own beside subcommands that have the same.
    .enablePositionalOptions()
    .showSuggestionAfterError()
    .showHelpAfterError("(add --help for what there is)")
    .configureOutput({
      writeOut: (text) => host.stdout.write(text),
      writeErr: (text) => host.stderr.write(text),
    })
    // Subcommands take it over, so that no command ends the process by itself.
    .exitOverride()
    .addHelpText("after", `\n${exitCodeHelp}`);
  addRunCommands(program, host);
  addSimulatorCommand(program, host);
  addKeyCommand(program, host);
  addAgentCommand(program, host);
  addStopCommand(program, host);
  addLoginCommands(program, host);
  addLoginLinkCommand(program, host);
  addBudgetCommand(program, host);
  addPolicyCommand(program, host);
  addPricesCommand(program, host);
  addLedgerCommand(program, host);
  addAuditCommand(program, host);
  addContentCommand(program, host);
  addPersonCommand(program, host);
  addConfigCommand(program, host);
  addDoctorCommand(program, host);
  return program;
}
