import { createReadStream, existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { splitLines } from "../../ledger/lines/split-lines.ts";
import { DEAD_LETTERS_DIRECTORY } from "../../ledger/ship/dead-letters.ts";
import { isAuditTable } from "../log/entry.ts";
import { LeafHasher } from "../log/leaf-input.ts";
import type { AuditRow } from "./verify-rows.ts";

const Letter = Type.Object({
  spoolId: Type.String(),
  epoch: Type.Integer(),
  sequence: Type.Integer(),
  table: Type.String(),
  version: Type.Integer(),
  line: Type.String(),
});

/** The audited rows that ClickHouse would not take: they have leaves, and are checked like others. */
export async function* readDeadLetterRows(spoolRoot: string): AsyncGenerator<AuditRow> {
  const directory = join(spoolRoot, DEAD_LETTERS_DIRECTORY);
  if (!existsSync(directory)) return;
  const hasher = new LeafHasher();
  for (const name of (await readdir(directory)).filter((each) => each.endsWith(".ndjson"))) {
    const input = createReadStream(join(directory, name));
    for await (const text of splitLines(input)) {
      const row = rowOf(text, hasher);
      if (row !== null) yield row;
    }
  }
}

function rowOf(text: string, hasher: LeafHasher): AuditRow | null {
  let letter: unknown;
  try {
    letter = JSON.parse(text);
  } catch {
    return null;
  }
  if (!Value.Check(Letter, letter)) return null;
  const { table, spoolId, epoch, sequence, version } = letter;
  if (!isAuditTable(table)) return null;
  const line = Buffer.from(letter.line);
  const leafHash = (layout: number) =>
    layout === version ? hasher.binary(table, version, line) : null;
  return { table, spoolId, epoch, sequence, line, isDeadLetter: true, leafHash };
}
