import type { PolicyProblem } from "@weir/policies/compiler";
import { exitCodes } from "../../supervisor/fault.ts";
import type { Host } from "../host.ts";

/** One problem in the form that editors and CI make a link of. */
export function formatProblem({ file, row, column, message }: PolicyProblem): string {
  const place = [file, row, column].filter((part) => part !== "" && part !== 0).join(":");
  return place === "" ? message : `${place} ${message}`;
}

/** Prints problems, if any, and sets the exit code. @returns whether there were any. */
export function reportProblems(
  problems: readonly PolicyProblem[],
  host: Host,
  isJson: boolean,
): boolean {
  if (problems.length === 0) return false;
  host.exitCode = exitCodes.failed;
  if (isJson) host.stdout.write(`${JSON.stringify({ ok: false, errors: problems })}\n`);
  else host.stdout.write(problems.map((problem) => `${formatProblem(problem)}\n`).join(""));
  return true;
}
