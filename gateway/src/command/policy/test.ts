import type { PolicyCoverage, PolicyTest, PolicyTestRun } from "@weir/policies/compiler";
import { exitCodes } from "../../supervisor/fault.ts";
import type { Host } from "../host.ts";
import type { PolicyTestFlags } from "../policy-command.ts";
import { withPolicies } from "./open-policies.ts";
import { reportProblems } from "./report-problems.ts";

/** Runs the tests beside the policies. No test at all is a failure. */
export async function testPolicies(flags: PolicyTestFlags, host: Host): Promise<void> {
  const isJson = flags.json === true;
  await withPolicies(flags, host, async ({ files, compiler }) => {
    const run = await compiler.test(files, { coverage: flags.coverage === true });
    if (reportProblems(run.errors, host, isJson)) return;
    const isOk = run.tests.length > 0 && run.tests.every(passed);
    if (!isOk) host.exitCode = exitCodes.failed;
    host.stdout.write(isJson ? `${JSON.stringify({ ok: isOk, ...run })}\n` : describe(run));
  });
}

function passed({ outcome }: PolicyTest): boolean {
  return outcome === "pass" || outcome === "skip";
}

function describe({ tests, coverage }: PolicyTestRun): string {
  if (tests.length === 0) return "there is no test: put rules named test_… into *_test.rego\n";
  const failed = tests.filter((test) => !passed(test));
  const lines = failed.map(
    ({ file, row, package: name, name: test, outcome, message }) =>
      `${file}:${row} ${name}.${test} ${outcome}${message === undefined ? "" : `: ${message}`}`,
  );
  lines.push(`${tests.length - failed.length} passed, ${failed.length} failed`);
  if (coverage !== null) lines.push(...describeCoverage(coverage));
  return `${lines.join("\n")}\n`;
}

function describeCoverage({ percent, files }: PolicyCoverage): string[] {
  const lines = Object.entries(files)
    .filter(([, file]) => file.notCovered.length > 0)
    .map(([name, file]) => `  ${name}: no test reaches line ${file.notCovered.join(", ")}`);
  return [`coverage ${percent.toFixed(1)} %`, ...lines];
}
