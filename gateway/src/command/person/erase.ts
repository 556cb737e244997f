import {
  erasePersonOperation,
  type ErasePersonStep,
} from "../../control/ledger/operations/erase-person.ts";
import { exitCodes } from "../../supervisor/fault.ts";
import { loadFor } from "../config-options.ts";
import type { Host } from "../host.ts";
import { runOperation } from "../ledger/run-operation.ts";
import type { ErasePersonFlags } from "../person-command.ts";
import { tableText } from "../prices/table-text.ts";

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
  host.stdout.write(flags.json === true ? `${JSON.stringify(done)}\n` : report(done));
  if (!confirmed) host.stderr.write("weir: nothing was erased: add --yes to erase.\n");
  else if (!isAbsent(done)) host.exitCode = exitCodes.failed;
}

function isAbsent({ proof }: ErasePersonStep): boolean {
  return proof !== null && proof.rows.length === 0 && proof.inFiles.length === 0;
}

function report(done: ErasePersonStep): string {
  const rows = Object.entries(done.counts).map(([name, count]) => [name, String(count)]);
  const counts = tableText(rows, [false, true]);
  const { proof } = done;
  if (proof === null) return counts;
  const left = [
    ...proof.rows.map(({ table, column, rows: number }) => `${table}.${column}: ${number} rows`),
    ...proof.inFiles.map(({ path, occurrences }) => `${path}: ${occurrences} times`),
  ];
  const looked = `looked for in ${proof.columns} columns, and in ${proof.bytes} bytes of ${proof.files} files`;
  if (left.length === 0)
    return `${counts}tombstone ${done.tombstoneId}\n${looked}: nothing is left\n`;
  const advice =
    "A segment of a spool that is being written goes a minute later, with the next record: repeat the command then.\n";
  return `${counts}tombstone ${done.tombstoneId}\n${looked}; left:\n${left.map((each) => `  ${each}\n`).join("")}${advice}`;
}
