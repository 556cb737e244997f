import type { Command } from "commander";
import type { ConfigFlags } from "../config/overrides.ts";
import { addDataOptions } from "./config-options.ts";
import type { Host } from "./host.ts";

export interface KeygenFlags {
  readonly output?: string;
}

export interface ShowContentFlags extends ConfigFlags {
  readonly identity: string;
  readonly purpose: string;
  readonly json?: boolean;
}

/** `weir content …`: each command in a file of its own, loaded when it is asked for. */
export function addContentCommand(program: Command, host: Host): void {
  const content = program
    .command("content")
    .description("Prompts and answers: not kept unless `ledger.content` names who may read them");
  content
    .command("keygen")
    .description("Make an identity that can read what is sealed for its recipient")
    .option("--output <file>", "where the identity goes (default: standard output)")
    .addHelpText(
      "after",
      `
The recipient (age1…) goes into weir.yaml, under ledger.content.recipients. Keep the identity away
from the machine that Weir runs on: whoever has it can read everything that was sealed. The file is
one of age's own, and \`age --decrypt\` takes it too.

Example:
  weir content keygen --output content-identity.txt`,
    )
    .action(async (flags: KeygenFlags) => {
      const { keygen } = await import("./content/keygen.ts");
      await keygen(flags, host);
    });
  addDataOptions(content.command("show"))
    .description("Show what was said in a call; that person sees that you did, and why")
    .argument("<call-id>", "as in the answer's x-weir-call-id, or in the ledger")
    .requiredOption("--identity <file>", "file with the identity that opens it")
    .requiredOption("--purpose <text>", "why: it is recorded, and shown to the person")
    .option("--json", "print JSON")
    .addHelpText(
      "after",
      `
Example:
  weir content show 019ab0c2-7d3e-7c11-8f00-2b6a4c1d9e55 --identity content-identity.txt \\
    --purpose "incident 42: did the agent send customer data"`,
    )
    .action(async (callId: string, flags: ShowContentFlags) => {
      const { showContent } = await import("./content/show.ts");
      await showContent(callId, flags, host);
    });
}
