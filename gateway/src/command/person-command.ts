import type { Command } from "commander";
import type { ConfigFlags } from "../config/overrides.ts";
import { addDataOptions } from "./config-options.ts";
import type { Host } from "./host.ts";

export interface ErasePersonFlags extends ConfigFlags {
  readonly yes?: boolean;
  readonly json?: boolean;
}

export function addPersonCommand(program: Command, host: Host): void {
  const person = program.command("person").description("What is kept of a person");
  addDataOptions(person.command("erase"))
    .description("Erase all that is kept of a person, and look whether anything is left")
    .argument("<id>", "as weir.yaml named them")
    .option("--yes", "erase; without it only what is there is counted")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
Take the person out of weir.yaml first. Keys and sessions end at once, for good; the audit log keeps
a note without the id. Exit code 1 = something is left. It may be repeated, and broken off, at any
time. What stays, and why: docs/erasure.md.

Examples:
  weir person erase erin
  weir person erase erin --yes`,
    )
    .action(async (id: string, flags: ErasePersonFlags) => {
      const { erasePerson } = await import("./person/erase.ts");
      await erasePerson(id, flags, host);
    });
}
