import {
  erasePersonOperation,
  type ErasePersonStep,
} from "../../control/ledger/operations/erase-person.ts";
import { exitCodes } from "../../supervisor/fault.ts";
import { loadFor } from "../config-options.ts";
import type { Host } from "../host.ts";
import { runOperation } from "../ledger/run-operation.ts";
import type { ErasePersonFlags } from "../person-command.ts";
import { erasureReport, isErased } from "./erasure-report.ts";

const stages: Readonly<Record<ErasePersonStep["stage"], string>> = {
  counted: "counted",
  "account-closed": "keys and sessions have ended",
  shipped: "the spools are shipped",
  "rows-erased": "rows are erased, roll-ups made anew",
  "store-scrubbed": "the control store is written anew",
  "waiting-for-spools": "waiting for a segment of a spool to end, up to a minute",
  proved: "looked for what is left",
};

/** Erases a person, telling each stage on standard error. */
export async function erasePerson(
  personId: string,
  flags: ErasePersonFlags,
  host: Host,
): Promise<void> {
  const config = loadFor(host, flags, false);
  const confirmed = flags.yes === true;
  const request = { personId, confirmed };
  const done = await runOperation(
    { config, env: host.env },
    erasePersonOperation,
    request,
    ({ stage }) => {
      host.stderr.write(`${stages[stage]}\n`);
    },
  );
  host.stdout.write(flags.json === true ? `${JSON.stringify(done)}\n` : erasureReport(done));
  if (!confirmed) host.stderr.write("weir: nothing was erased: add --yes to erase.\n");
  else if (!isErased(done)) host.exitCode = exitCodes.failed;
}
