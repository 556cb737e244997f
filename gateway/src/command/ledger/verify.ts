import { verifyOperation } from "../../control/ledger/operations/verify.ts";
import type { LedgerFinding } from "../../ledger/verify/finding.ts";
import { exitCodes } from "../../supervisor/fault.ts";
import { loadFor } from "../config-options.ts";
import type { Host } from "../host.ts";
import type { VerifyFlags } from "../ledger-command.ts";
import { runOperation } from "./run-operation.ts";

// More can be had by repeating once these are dealt with.
const MAX_KEPT = 1000;

/** Checks the ledger; exit code 1 when something is wrong and stays so. */
export async function verifyLedger(flags: VerifyFlags, host: Host): Promise<void> {
  const config = loadFor(host, flags, false);
  const findings: LedgerFinding[] = [];
  const request = { repair: flags.repair === true };
  const done = await runOperation({ config, env: host.env }, verifyOperation, request, (step) => {
    findings.push(...step.findings.slice(0, Math.max(0, MAX_KEPT - findings.length)));
    if (step.day !== "")
      host.stderr.write(
        `${step.day}  ${step.daysDone} of ${step.days} days, ${step.found} found\n`,
      );
  });
  const { days, found, repaired } = done;
  if (flags.json === true)
    host.stdout.write(`${JSON.stringify({ days, found, repaired, findings })}\n`);
  else host.stdout.write(`${findings.map(line).join("")}${summary(days, found, repaired)}\n`);
  if (found > repaired) host.exitCode = exitCodes.failed;
}

function line({ table, day, id, what, todo, isRepaired }: LedgerFinding): string {
  const name = id === "" ? "" : ` ${id}`;
  return `${day} ${table}${name}: ${what}. ${isRepaired ? "Repaired." : todo}\n`;
}

function summary(days: number, found: number, repaired: number): string {
  if (found === 0) return `${days} days are as they should be`;
  return `${days} days looked at, ${found} findings, ${repaired} of them repaired`;
}
