import type { ClickHouseClient } from "@clickhouse/client";
import { insertLines } from "../clickhouse/insert-lines.ts";
import { repairRollUps, type RepairLog } from "../rollups/repair.ts";
import { columnsOf } from "../rows/layout.ts";
import { layoutOf } from "../rows/record.ts";
import type { DeadLetter } from "../ship/dead-letters.ts";
import { isDataError } from "../ship/errors.ts";
import { isShipped } from "../ship/insert-work.ts";
import { letterKey, readLetterLines } from "./letter-files.ts";
import { isLetterOfItsRow } from "./letter-row.ts";
import { removeLetters } from "./rewrite-letters.ts";

/** Rows that are tried in one go, while nothing else is shipped. */
const LETTERS_PER_TURN = 200;
const MAX_TOKENS = 3;

export interface RetryOptions {
  readonly client: ClickHouseClient;
  /** Of the file of one spool. */
  readonly path: string;
  readonly log: RepairLog;
  /** Which letters of the file; default all. */
  readonly isWanted?: (letter: DeadLetter) => boolean;
  /** Replaced by tests that make ClickHouse fail. */
  readonly insert?: typeof insertLines;
}

/** What became of some letters. */
export interface RetriedLetters {
  readonly retried: number;
  /** Rows that were in their table already: somebody was interrupted before. */
  readonly alreadyThere: number;
  readonly refused: number;
  /** Nothing is left that has not been tried. */
  readonly isDone: boolean;
}

/**
 * Tries the next letters of a file that are not among `tried`, which it adds to. A row leaves the file
 * only once it is in its table, and is looked for there before it is inserted: whatever breaks off
 * in between, repeating neither doubles nor loses it. Nothing else may be shipped meanwhile.
 * @throws what is not the row's fault; what was done until then counts.
 */
export async function retryLetters(
  options: RetryOptions,
  tried: Set<string>,
): Promise<RetriedLetters> {
  const letters = await nextLetters(options, tried);
  const done = new Set<string>();
  const suspectDays = new Set<string>();
  let refused = 0;
  let alreadyThere = 0;
  try {
    for (const letter of letters) {
      const outcome = await retryLetter(options, letter);
      tried.add(letterKey(letter));
      if (outcome === "refused") refused += 1;
      else done.add(letterKey(letter));
      if (outcome === "there") alreadyThere += 1;
      if (outcome !== "refused") suspectDays.add(letter.partition);
    }
  } finally {
    // An engine that died in the INSERT before may have kept the row and not what it adds to sums.
    if (alreadyThere > 0) await repairRollUps(options.client, [...suspectDays], options.log);
    if (done.size > 0) await removeLetters(options.path, (letter) => done.has(letterKey(letter)));
  }
  const retried = done.size - alreadyThere;
  return { retried, alreadyThere, refused, isDone: letters.length < LETTERS_PER_TURN };
}

async function nextLetters(
  { path, isWanted = () => true }: RetryOptions,
  tried: ReadonlySet<string>,
): Promise<DeadLetter[]> {
  const letters = new Map<string, DeadLetter>();
  for await (const { letter } of readLetterLines(path)) {
    if (letter === null || !isWanted(letter) || tried.has(letterKey(letter))) continue;
    letters.set(letterKey(letter), letter);
    if (letters.size >= LETTERS_PER_TURN) break;
  }
  return [...letters.values()];
}

async function retryLetter(
  { client, log, insert = insertLines }: RetryOptions,
  letter: DeadLetter,
): Promise<"inserted" | "there" | "refused"> {
  const { table, version, line } = letter;
  // Looked for by what the letter says of it, it would never be found, and so inserted every time.
  if (!isLetterOfItsRow(letter)) {
    log.warn(
      { letter: letterKey(letter), table },
      "a damaged dead letter is kept, and not inserted",
    );
    return "refused";
  }
  const isThere = () => isShipped(client, letter, workOf(letter), letter);
  if (await isThere()) return "there";
  const columns = columnsOf(layoutOf(table), version);
  for (let attempt = 0; attempt < MAX_TOKENS; attempt += 1) {
    try {
      await insert(client, {
        table,
        columns,
        lines: Buffer.from(`${line}\n`),
        token: tokenOf(letter, attempt),
      });
    } catch (error) {
      if (isDataError(error)) return "refused";
      throw error;
    }
    // A token that an engine noted before it died keeps the row out: see ship/delivery.ts.
    if (await isThere()) return "inserted";
  }
  throw new Error(`ClickHouse does not keep row ${letterKey(letter)} of ${table}; see its own log`);
}

function workOf({ table, version, partition, sequence }: DeadLetter) {
  return { table, version, partition, first: sequence, last: sequence, attempt: 0 };
}

function tokenOf(letter: DeadLetter, attempt: number): string {
  const { table, version, partition } = letter;
  const again = attempt === 0 ? "" : `~${attempt}`;
  return `dead:${letterKey(letter)}:${table}.${version}:${partition}${again}`;
}
