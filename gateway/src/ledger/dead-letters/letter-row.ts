import { readLine } from "../rows/read-line.ts";
import { layoutOf } from "../rows/record.ts";
import type { DeadLetter } from "../ship/dead-letters.ts";

/** The fields of a letter's row by column; null when it is no row of its table, as far as is known here. */
export function rowOfLetter({
  table,
  version,
  line,
}: DeadLetter): Readonly<Record<string, string>> | null {
  try {
    return readLine(layoutOf(table), version, line);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** Whether the row stands where the letter says: same spool, epoch, sequence and UTC day. */
export function isLetterOfItsRow(letter: DeadLetter): boolean {
  const row = rowOfLetter(letter);
  if (row === null) return false;
  const day = row[layoutOf(letter.table).timeColumn]?.slice(0, 10).replaceAll("-", "");
  return (
    row["spool_id"] === letter.spoolId &&
    row["spool_epoch"] === String(letter.epoch) &&
    row["spool_sequence"] === String(letter.sequence) &&
    day === letter.partition
  );
}
