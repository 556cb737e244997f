import { resolve } from "node:path";
import {
  createPolicyCompiler,
  type PolicyCompiler,
  type PolicyFiles,
} from "@weir/policies/compiler";
import { readPolicyDirectory, starterDirectory } from "@weir/policies/starter";
import type { PolicyData } from "../../contracts/policy-data.ts";
import { planDirectory } from "../../control/directory/plan.ts";
import { policyData } from "../../control/snapshot/policy-data.ts";
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
    const data = { weir: policyData(planDirectory(config, "").teams) };
    return await work({ directory, files, compiler, data });
  } finally {
    await compiler.close();
  }
}
