import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { exitCodes, StartFault } from "../../supervisor/fault.ts";
import type { Host } from "../host.ts";
import type { PolicyEvalFlags } from "../policy-command.ts";
import { withPolicies } from "./open-policies.ts";
import { reportProblems } from "./report-problems.ts";

/** Evaluates a query on one input document, with the teams of the configuration as data. */
export async function evalPolicies(flags: PolicyEvalFlags, host: Host): Promise<void> {
  const isJson = flags.json === true;
  const input = readInput(flags.input, host);
  const query = flags.query ?? queryFor(input);
  await withPolicies(flags, host, async ({ files, compiler, data }) => {
    const trace = flags.trace === true;
    const evaluation = await compiler.eval({ files, query, input, data, trace });
    if (reportProblems(evaluation.errors, host, isJson)) return;
    if (!evaluation.defined) host.exitCode = exitCodes.failed;
    if (isJson) {
      const { defined, result } = evaluation;
      const traced = trace ? { trace: evaluation.trace } : {};
      host.stdout.write(`${JSON.stringify({ ok: defined, query, result, ...traced })}\n`);
      return;
    }
    if (trace) host.stdout.write(`${evaluation.trace.trimEnd()}\n\n`);
    const text = evaluation.defined ? JSON.stringify(evaluation.result, null, 2) : "undefined";
    host.stdout.write(`${text}\n`);
  });
}

function readInput(file: string, host: Host): unknown {
  try {
    return JSON.parse(readFileSync(file === "-" ? 0 : resolve(host.cwd, file), "utf8"));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw fault(`the input ${file} cannot be read as JSON (${reason})`, error);
  }
}

function queryFor(input: unknown): string {
  const hasPoint = typeof input === "object" && input !== null && "point" in input;
  const point = hasPoint ? input.point : undefined;
  if (typeof point === "string" && /^[a-z_]+$/.test(point)) return `data.weir.${point}.decision`;
  throw fault('the input has no "point", such as "llm_call"', undefined);
}

function fault(cause: string, error: unknown): StartFault {
  return new StartFault(
    {
      code: "WEIR_POLICY_INPUT",
      cause,
      remedy: "Give an input document as policies get it, or say with --query what to evaluate.",
      exitCode: exitCodes.failed,
    },
    { cause: error },
  );
}
