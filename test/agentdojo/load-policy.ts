import { createPolicyCompiler, type PolicyFiles } from "../../policies/src/compiler.ts";
import { loadPolicyEvaluator, type PolicyEvaluator } from "../../policies/src/evaluate.ts";
import { readStarterPolicies } from "../../policies/src/starter.ts";

const entrypoints = ["weir/tool_call/decision"];

/**
 * In place of the rule on which tools a team may use at all: here, every one. What is measured is
 * what the rules on information flow add.
 */
export const everyToolAllowed = `package weir.tool_call

import data.weir.lattice

# METADATA
# entrypoint: true
decision := lattice.decide(findings)

findings contains {"effect": "allow", "id": "replay.every_tool", "reason": "Every tool is allowed in a replay.", "owner": "test", "message": "", "obligations": []}
`;

/** The starter policies, compiled as enforcement has them; `overlay` replaces files of them. */
export async function loadPolicy(overlay: PolicyFiles = {}): Promise<PolicyEvaluator> {
  const starter = await readStarterPolicies();
  const files: Record<string, string> = {};
  for (const [path, source] of Object.entries(starter)) {
    if (/^(?:lattice|pattern|action|tool_call)\//.test(path) && !path.endsWith("_test.rego")) {
      files[path] = source;
    }
  }
  files["tool_call/tool_call.rego"] = everyToolAllowed;
  const compiler = createPolicyCompiler();
  try {
    const { wasm, errors } = await compiler.build({ files: { ...files, ...overlay }, entrypoints });
    if (wasm === undefined || errors.length > 0) {
      throw new Error(`The policies do not compile: ${JSON.stringify(errors)}`);
    }
    return await loadPolicyEvaluator({
      wasm,
      entrypoints,
      data: { weir: { teams: {} } },
      revision: "replay",
    });
  } finally {
    await compiler.close();
  }
}
