import { defaultEntrypoints } from "@weir/policies/starter";
import type { Host } from "../host.ts";
import type { PolicyFlags } from "../policy-command.ts";
import { withPolicies } from "./open-policies.ts";
import { reportProblems } from "./report-problems.ts";

/** Checks and builds: what passes here is what the gateway would load, its tests aside. */
export async function checkPolicies(flags: PolicyFlags, host: Host): Promise<void> {
  const isJson = flags.json === true;
  await withPolicies(flags, host, async ({ directory, files, compiler }) => {
    if (reportProblems(await compiler.check(files), host, isJson)) return;
    const built = await compiler.build({ files, entrypoints: defaultEntrypoints });
    if (reportProblems(built.errors, host, isJson)) return;
    const count = Object.keys(files).length;
    if (isJson) host.stdout.write(`${JSON.stringify({ ok: true, directory, files: count })}\n`);
    else host.stdout.write(`${count} files in ${directory} are good\n`);
  });
}
