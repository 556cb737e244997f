import { createPolicyCompiler } from "@weir/policies/compiler";
import { defaultEntrypoints, readPolicyDirectory, starterDirectory } from "@weir/policies/starter";
import type { Config } from "../../config/schema.ts";
import { formatProblem } from "../policy/report-problems.ts";
import { bad, type DoctorFinding, good } from "./finding.ts";

/** Whether the gateway would load the policies: they compile, and their tests pass. */
export async function checkPolicies({
  policies,
}: Pick<Config, "policies">): Promise<DoctorFinding> {
  const directory = policies.directory || starterDirectory;
  const files = await readPolicyDirectory(directory);
  const compiler = createPolicyCompiler();
  try {
    const errors = [...(await compiler.check(files))];
    if (errors.length === 0) {
      errors.push(...(await compiler.build({ files, entrypoints: defaultEntrypoints })).errors);
    }
    if (errors[0] !== undefined) {
      const remedy = "`weir policy check` lists every error.";
      return bad("policies", `${directory}: ${formatProblem(errors[0])}`, remedy);
    }
    const { tests } = await compiler.test(files);
    const failed = tests.filter(({ outcome }) => outcome === "fail" || outcome === "error");
    if (failed.length === 0) return good("policies", `${directory}: ${tests.length} tests pass`);
    const remedy =
      "`weir policy test` shows them. Until then the last good policies stay in force.";
    return bad("policies", `${directory}: ${failed.length} tests fail`, remedy);
  } finally {
    await compiler.close();
  }
}
