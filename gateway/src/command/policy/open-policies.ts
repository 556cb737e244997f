import { resolve } from "node:path";
import {
  createPolicyCompiler,
  type PolicyCompiler,
  type PolicyFiles,
} from "@weir/policies/compiler";
import { readPolicyDirectory, starterDirectory } from "@weir/policies/starter";
import type { Config } from "../../config/schema.ts";
import type { PolicyData } from "../../contracts/policy-data.ts";
import { planDirectory } from "../../control/directory/plan.ts";
import { loadFor } from "../config-options.ts";
import type { Host } from "../host.ts";
import type { PolicyFlags } from "../policy-command.ts";

export interface OpenPolicies {
  readonly directory: string;
  readonly files: PolicyFiles;
  readonly compiler: PolicyCompiler;
  readonly data: { readonly weir: PolicyData };
}

/** Reads the policies that the flags or the configuration name, and works on them. */
export async function withPolicies<T>(
  flags: PolicyFlags,
  host: Host,
  work: (policies: OpenPolicies) => Promise<T>,
): Promise<T> {
  const config = loadFor(host, flags, false);
  const configured = config.policies.directory || starterDirectory;
  const directory = flags.dir === undefined ? configured : resolve(host.cwd, flags.dir);
  const files = await readPolicyDirectory(directory);
  const compiler = createPolicyCompiler();
  try {
    return await work({ directory, files, compiler, data: { weir: policyDataOf(config) } });
  } finally {
    await compiler.close();
  }
}

/** The facts that policies are given: what each team of the configuration may use. */
function policyDataOf(config: Config): PolicyData {
  const teams = planDirectory(config, "").teams.map(({ id, models, tools, maxTokens }) => [
    id,
    { models: [...models], tools: [...tools], ...(maxTokens === null ? {} : { maxTokens }) },
  ]);
  return { teams: Object.fromEntries(teams) };
}
