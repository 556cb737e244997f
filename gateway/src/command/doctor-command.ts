import type { Command } from "commander";
import type { ConfigFlags } from "../config/overrides.ts";
import { addRunOptions } from "./config-options.ts";
import type { Host } from "./host.ts";

export interface DoctorFlags extends ConfigFlags {
  readonly offline?: boolean;
  readonly json?: boolean;
}

export function addDoctorCommand(program: Command, host: Host): void {
  addRunOptions(program.command("doctor"))
    .description(
      "Look for what is wrong with this machine, configuration and data, and say how to mend it",
    )
    .option("--offline", "do not try to reach the providers")
    .addHelpText("after", "\nExamples:\n  weir doctor\n  weir doctor --offline --json")
    .action(async (flags: DoctorFlags) => {
      const { runDoctor } = await import("./doctor/run-doctor.ts");
      await runDoctor(flags, host);
    });
}
