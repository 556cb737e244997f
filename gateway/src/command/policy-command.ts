import type { Command } from "commander";
import type { ConfigFlags } from "../config/overrides.ts";
import { addDataOptions } from "./config-options.ts";
import type { Host } from "./host.ts";

export interface PolicyFlags extends ConfigFlags {
  readonly dir?: string;
  readonly json?: boolean;
}

export interface PolicyTestFlags extends PolicyFlags {
  readonly coverage?: boolean;
}

export interface PolicyEvalFlags extends PolicyFlags {
  readonly input: string;
  readonly query?: string;
  readonly trace?: boolean;
}

export function addPolicyCommand(program: Command, host: Host): void {
  const policy = program.command("policy").description("Check, test and try policies (Rego)");
  addPolicyOptions(policy.command("check"))
    .description("Compile strictly, check types, build as the gateway would")
    .addHelpText(
      "after",
      "\nErrors are lines of file:row:column message.\n\nExample:\n  weir policy check --dir rules",
    )
    .action(async (flags: PolicyFlags) => {
      const { checkPolicies } = await import("./policy/check.ts");
      await checkPolicies(flags, host);
    });
  addPolicyOptions(policy.command("test"))
    .description("Run the tests that lie beside the policies (*_test.rego)")
    .option("--coverage", "also say which lines no test reached")
    .addHelpText("after", "\nExample:\n  weir policy test --coverage")
    .action(async (flags: PolicyTestFlags) => {
      const { testPolicies } = await import("./policy/test.ts");
      await testPolicies(flags, host);
    });
  addPolicyOptions(policy.command("eval"))
    .description("Decide one input document, as the gateway would")
    .requiredOption("--input <file>", "the input document (JSON); - reads standard input")
    .option("--query <query>", "what to evaluate (default: the decision at the input's point)")
    .option("--trace", "show how the result came about")
    .addHelpText("after", "\nExample:\n  weir policy eval --input call.json --trace")
    .action(async (flags: PolicyEvalFlags) => {
      const { evalPolicies } = await import("./policy/eval.ts");
      await evalPolicies(flags, host);
    });
}

function addPolicyOptions(command: Command): Command {
  return addDataOptions(command)
    .option(
      "--dir <folder>",
      "folder of .rego files (default: policies.directory, else the starter set)",
    )
    .option("--json", "print JSON");
}
