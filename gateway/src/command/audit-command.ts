import type { Command } from "commander";
import type { ConfigFlags } from "../config/overrides.ts";
import { addDataOptions } from "./config-options.ts";
import type { Host } from "./host.ts";

export interface AuditFlags extends ConfigFlags {
  readonly json?: boolean;
}

export interface ProveFlags extends AuditFlags {
  readonly since?: string;
}

export interface VerifyFlags extends AuditFlags {
  readonly since?: string;
  readonly publicKey?: string;
  readonly filesOnly?: boolean;
}

const sinceHelp = "an older head: the size of one in the log, or a file with one kept elsewhere";

/** `weir audit …`: each command in a file of its own, loaded when it is asked for. */
export function addAuditCommand(program: Command, host: Host): void {
  const audit = program
    .command("audit")
    .description("Prove that the record of decisions, changes and accesses was not altered");
  addDataOptions(audit.command("prove"))
    .description("Print the proof that a row is in the signed log, as JSON")
    .argument("<id>", "id of a decision, change or access")
    .option("--since <head>", `also prove that the log goes on from ${sinceHelp}`)
    .addHelpText("after", "\nExample:\n  weir audit prove 019ab0c2-7d3e-7c11-8f00-2b6a4c1d9e55")
    .action(async (id: string, flags: ProveFlags) => {
      const { prove } = await import("./audit/prove.ts");
      await prove(id, flags, host);
    });
  addDataOptions(audit.command("verify"))
    .description(
      "Check the log's files, and the rows in ClickHouse against it; exit code 1 = altered",
    )
    .option("--since <head>", `only what came after ${sinceHelp}`)
    .option(
      "--public-key <file>",
      "the log's public key as kept elsewhere (default: beside the log)",
    )
    .option("--files-only", "leave the rows in ClickHouse out: needs nothing but the files")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
The files are read as they lie there, whether Weir runs or not. Keep a copy of audit/public-key and
of a head elsewhere: whoever has the signing key can make up a log with heads of its own.

Examples:
  weir audit verify
  weir audit verify --since /mnt/other/heads --public-key /mnt/other/public-key --files-only`,
    )
    .action(async (flags: VerifyFlags) => {
      const { verify } = await import("./audit/verify.ts");
      await verify(flags, host);
    });
  addDataOptions(audit.command("head"))
    .description("Print a signed head of the log as it is now; of a running Weir its newest")
    .option("--json", "print JSON")
    .action(async (flags: AuditFlags) => {
      const { printHead } = await import("./audit/head.ts");
      await printHead(flags, host);
    });
}
