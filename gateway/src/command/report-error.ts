import { ConfigError } from "../config/problem.ts";
import { wantsDebug } from "../config/switches.ts";
import { exitCodes, StartFault } from "../supervisor/fault.ts";
import type { Host } from "./host.ts";
import { visibleLines } from "./ledger/visible-text.ts";

interface Report {
  readonly cause: string;
  readonly remedy: string;
  readonly exitCode: number;
}

/** Says on standard error what went wrong and what to do, and sets the exit code. */
export function reportError(error: unknown, host: Host): void {
  const { cause, remedy, exitCode } = reportOf(error);
  // Names and ids that others have chosen stand in messages.
  const text = `weir: ${cause}.\n${remedy === "" ? "" : `      ${remedy}\n`}`;
  host.stderr.write(visibleLines(text));
  if (wantsDebug(host.env) && error instanceof Error) host.stderr.write(`${stackOf(error)}\n`);
  host.exitCode = exitCode;
}

function reportOf(error: unknown): Report {
  if (error instanceof StartFault) {
    return { cause: error.message, remedy: error.remedy, exitCode: error.exitCode };
  }
  if (error instanceof ConfigError) {
    const remedy = "Mend what is named above; `weir config check` looks at it without starting.";
    return { cause: error.message, remedy, exitCode: exitCodes.config };
  }
  const message = (error instanceof Error ? error.message : String(error)).replace(/\.$/, "");
  // Errors with a code of ours are written for the reader, and say what to do.
  const isOurs = error instanceof Error && "code" in error && isOurCode(error.code);
  const remedy = isOurs ? "" : "This was not expected. WEIR_DEBUG=1 shows where it happened.";
  return { cause: message, remedy, exitCode: exitCodes.failed };
}

function isOurCode(code: unknown): boolean {
  return typeof code === "string" && code.startsWith("WEIR_");
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by ${stackOf(error.cause)}` : "";
  return `${error.stack ?? error.message}${cause}`;
}
