import type { Command } from "commander";
import type { ConfigFlags } from "../config/overrides.ts";
import { addDataOptions } from "./config-options.ts";
import type { Host } from "./host.ts";

export interface ErasePersonFlags extends ConfigFlags {
  readonly yes?: boolean;
  readonly json?: boolean;
}

export interface PersonHistoryFlags extends ConfigFlags {
  readonly purpose: string;
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
  addDataOptions(person.command("history"))
    .description("Show the teams, managers and cost centres that a person has had")
    .argument("<id>", "as the directory names them")
    .requiredOption("--purpose <text>", "why: it is recorded, and shown to the person")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
Calls keep the team and cost centre of their moment, whatever changes here.

Example:
  weir person history erin --purpose "invoice of October"`,
    )
    .action(async (id: string, flags: PersonHistoryFlags) => {
      const { personHistory } = await import("./person/history.ts");
      await personHistory(id, flags, host);
    });
}
