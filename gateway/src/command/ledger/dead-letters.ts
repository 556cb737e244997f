import { deadLettersDiscardOperation } from "../../control/ledger/operations/dead-letters-discard.ts";
import { deadLettersListOperation } from "../../control/ledger/operations/dead-letters-list.ts";
import { deadLettersRetryOperation } from "../../control/ledger/operations/dead-letters-retry.ts";
import { deadLettersShowOperation } from "../../control/ledger/operations/dead-letters-show.ts";
import type { LetterSelection } from "../../ledger/dead-letters/letter-selection.ts";
import { exitCodes, StartFault } from "../../supervisor/fault.ts";
import { loadFor } from "../config-options.ts";
import type { Host } from "../host.ts";
import type { LedgerFlags } from "../ledger-command.ts";
import { tableText } from "../prices/table-text.ts";
import { runOperation } from "./run-operation.ts";
import { size } from "./status.ts";
import { visibleText } from "./visible-text.ts";

export interface ShowFlags extends LedgerFlags {
  readonly purpose: string;
}

export interface DeadLetterFlags extends LedgerFlags {
  readonly spool?: string;
  readonly code?: string;
  readonly sequence?: readonly string[];
  readonly yes?: boolean;
  readonly reason?: string;
}

/** Lists the rows that ClickHouse refused, and the files that they stand in. */
export async function listDeadLetters(flags: DeadLetterFlags, host: Host): Promise<void> {
  const config = loadFor(host, flags, false);
  const found = await runOperation(
    { config, env: host.env },
    deadLettersListOperation,
    selectionOf(flags),
    () => undefined,
  );
  if (flags.json === true) {
    host.stdout.write(`${JSON.stringify(found)}\n`);
    return;
  }
  const { files, letters, total, groups, unreadable } = found;
  const rows = letters.map((letter) => [
    letter.spoolId,
    String(letter.sequence),
    letter.table,
    visibleText(letter.id),
    visibleText(letter.time),
    letter.code,
    visibleText(letter.reason),
  ]);
  const head = ["spool", "sequence", "table", "id", "time", "code", "reason"];
  if (rows.length > 0)
    host.stdout.write(tableText([head, ...rows], [false, true, false, false, false, false, false]));
  for (const { name, kind, bytes } of files)
    if (kind !== "rows") host.stdout.write(`${kind}: ${name}, ${size(bytes)}\n`);
  if (unreadable > 0) host.stdout.write(`${unreadable} lines are no rows: a crash cut them off\n`);
  for (const group of groups)
    host.stdout.write(`${group.count} of ${group.table} in ${group.spoolId}: ${group.code}\n`);
  host.stdout.write(`${total} rows wait${total > letters.length ? "; the first are shown" : ""}\n`);
}

/** Prints one of these rows, a column a line; who did, and why, is recorded first. */
export async function showDeadLetter(
  spool: string,
  sequence: string,
  flags: ShowFlags,
  host: Host,
): Promise<void> {
  const config = loadFor(host, flags, false);
  const { purpose } = flags;
  if (purpose.trim() === "") throw usage("say why with --purpose TEXT: it is recorded");
  const request = { spool, sequence: sequenceOf(sequence), purpose };
  const shown = await runOperation(
    { config, env: host.env },
    deadLettersShowOperation,
    request,
    () => undefined,
  );
  if (flags.json === true) {
    host.stdout.write(`${JSON.stringify(shown)}\n`);
    return;
  }
  const { table, code, reason, columns } = shown;
  const rows = Object.entries(columns).map(([name, value]) => [name, visibleText(value)]);
  host.stdout.write(`${table}: ${code} ${visibleText(reason)}\n\n`);
  host.stdout.write(tableText(rows, [false, false]));
}

/** Inserts them once more; exit code 1 when ClickHouse still refuses some. */
export async function retryDeadLetters(flags: DeadLetterFlags, host: Host): Promise<void> {
  const config = loadFor(host, flags, false);
  const request = selectionOf(flags);
  const done = await runOperation(
    { config, env: host.env },
    deadLettersRetryOperation,
    request,
    (step) => {
      if (!step.finished) host.stderr.write(`${step.retried} inserted, ${step.refused} refused\n`);
    },
  );
  const { retried, alreadyThere, refused } = done;
  if (flags.json === true)
    host.stdout.write(`${JSON.stringify({ retried, alreadyThere, refused })}\n`);
  else
    host.stdout.write(
      `${retried} inserted, ${alreadyThere} were there already, ${refused} refused and kept\n`,
    );
  if (refused > 0) host.exitCode = exitCodes.failed;
}

/** Moves them aside, on record. */
export async function discardDeadLetters(flags: DeadLetterFlags, host: Host): Promise<void> {
  const config = loadFor(host, flags, false);
  const { reason = "" } = flags;
  const selection = selectionOf(flags);
  if (reason.trim() === "") throw usage("say why with --reason TEXT: it is recorded");
  if (flags.yes !== true)
    throw usage(`this takes ${described(selection)} out of what retry inserts; add --yes`);
  const request = { ...selection, reason };
  const done = await runOperation(
    { config, env: host.env },
    deadLettersDiscardOperation,
    request,
    () => undefined,
  );
  const { discarded, files } = done;
  if (flags.json === true) host.stdout.write(`${JSON.stringify({ discarded, files })}\n`);
  else
    host.stdout.write(
      `${discarded} rows moved aside${files.map((name) => `\n  ${name}`).join("")}\n`,
    );
}

function selectionOf({ spool = "", code = "", sequence = [] }: DeadLetterFlags): LetterSelection {
  if (sequence.length > 0 && spool === "")
    throw usage("each spool counts its own sequences: name one with --spool");
  if (sequence.length > 1000) throw usage("no more than 1000 sequences at a time");
  return { spool, code, sequences: sequence.map(sequenceOf) };
}

function sequenceOf(text: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw usage("a sequence is a number, as the list prints it");
}

function described({ spool, code, sequences }: LetterSelection): string {
  const which = sequences.length === 0 ? "the dead letters" : `${sequences.length} dead letters`;
  const refusal = code === "" ? "" : ` refused for ${code}`;
  return `${which} of ${spool === "" ? "every spool" : spool}${refusal}`;
}

function usage(cause: string): StartFault {
  return new StartFault({
    code: "WEIR_USAGE",
    cause,
    remedy: "See `weir ledger dead-letters --help`.",
    exitCode: exitCodes.usage,
  });
}
