import type { ErasePersonStep } from "../../control/ledger/operations/erase-person.ts";
import { tableText } from "../prices/table-text.ts";

/** Whether the proof says that nothing of the person is left. */
export function isErased({ proof }: ErasePersonStep): boolean {
  return (
    proof !== null && proof.rows.length === 0 && proof.inFiles.length === 0 && proof.oldParts === 0
  );
}

/** What was there, the tombstone, and where it was looked for what is left: lines for a person. */
export function erasureReport(done: ErasePersonStep): string {
  const rows = Object.entries(done.counts).map(([name, count]) => [name, String(count)]);
  const counts = tableText(rows, [false, true]);
  const { proof } = done;
  if (proof === null) return counts;
  const left = [
    ...proof.rows.map(({ table, column, rows: number }) => `${table}.${column}: ${number} rows`),
    ...proof.inFiles.map(({ path, occurrences }) => `${path}: ${occurrences} times`),
  ];
  if (proof.oldParts > 0)
    left.push(
      `${proof.oldParts} old parts of tables, which ClickHouse has not yet deleted from its disk: see system.parts`,
    );
  const looked = `looked for in ${proof.columns} columns, and in ${proof.bytes} bytes of ${proof.files} files`;
  if (left.length === 0)
    return `${counts}tombstone ${done.tombstoneId}\n${looked}: nothing is left\n`;
  const advice =
    "A segment of a spool that is being written goes a minute later, with the next record: repeat the command then.\n";
  return `${counts}tombstone ${done.tombstoneId}\n${looked}; left:\n${left.map((each) => `  ${each}\n`).join("")}${advice}`;
}
