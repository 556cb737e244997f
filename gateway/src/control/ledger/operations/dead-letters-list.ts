import { join } from "node:path";
import { type Static, Type } from "typebox";
import {
  DeadLetterFile,
  letterPath,
  listDeadLetterFiles,
  readLetterLines,
} from "../../../ledger/dead-letters/letter-files.ts";
import { isSelected, LetterSelection } from "../../../ledger/dead-letters/letter-selection.ts";
import { rowOfLetter } from "../../../ledger/dead-letters/letter-row.ts";
import { layoutOf } from "../../../ledger/rows/record.ts";
import type { DeadLetter } from "../../../ledger/ship/dead-letters.ts";
import { defineOperation } from "../operation.ts";
import { assertSelection } from "./assert-selection.ts";

const strict = { additionalProperties: false } as const;
const count = Type.Integer({ minimum: 0 });
const MAX_LISTED = 1000;

const ListedLetter = Type.Object(
  {
    spoolId: Type.String(),
    epoch: count,
    sequence: count,
    table: Type.String(),
    /** Of the row; empty when it is no row of its table. */
    id: Type.String(),
    /** When it happened, UTC, as ClickHouse writes it; likewise. */
    time: Type.String(),
    /** When ClickHouse refused it. */
    atMs: Type.Integer(),
    code: Type.String(),
    reason: Type.String(),
  },
  strict,
);

const LetterGroup = Type.Object(
  { spoolId: Type.String(), table: Type.String(), code: Type.String(), count },
  strict,
);

/** `weir ledger dead-letters list` */
export const deadLettersListOperation = defineOperation({
  name: "dead-letters-list",
  summary: "Rows that ClickHouse refused, and what of damaged segments could not be read",
  permission: "ledger:read",
  view: { shows: "figures", resource: "ledger.dead-letters" },
  request: LetterSelection,
  step: Type.Object(
    {
      files: Type.Array(DeadLetterFile),
      /** The first ones; `total` says how many there are. */
      letters: Type.Array(ListedLetter),
      total: count,
      groups: Type.Array(LetterGroup),
      /** Lines of the files that are no letters: what a crash left of one. */
      unreadable: count,
    },
    strict,
  ),
  async *run({ dataDir }, selection) {
    assertSelection(selection);
    const { spool } = selection;
    const spoolRoot = join(dataDir, "spool");
    const files = await listDeadLetterFiles(spoolRoot);
    const letters: Static<typeof ListedLetter>[] = [];
    const groups = new Map<string, Static<typeof LetterGroup>>();
    let total = 0;
    let unreadable = 0;
    for (const { spoolId, kind } of files) {
      if (kind !== "rows" || (spool !== "" && spool !== spoolId)) continue;
      for await (const { letter } of readLetterLines(letterPath(spoolRoot, spoolId))) {
        if (letter === null) unreadable += 1;
        if (letter === null || !isSelected(selection, letter)) continue;
        total += 1;
        countIn(groups, letter);
        if (letters.length < MAX_LISTED) letters.push(listed(letter));
      }
    }
    yield { files, letters, total, groups: [...groups.values()], unreadable };
  },
});

function listed(letter: DeadLetter): Static<typeof ListedLetter> {
  const { spoolId, epoch, sequence, table, atMs, code, reason } = letter;
  // It is listed all the same: nothing says that what ClickHouse refused is a row.
  const columns = rowOfLetter(letter);
  const id = columns?.["id"] ?? "";
  const time = columns?.[layoutOf(table).timeColumn] ?? "";
  return { spoolId, epoch, sequence, table, id, time, atMs, code, reason };
}

function countIn(
  groups: Map<string, Static<typeof LetterGroup>>,
  { spoolId, table, code }: DeadLetter,
): void {
  const key = JSON.stringify([spoolId, table, code]);
  const group = groups.get(key) ?? { spoolId, table, code, count: 0 };
  groups.set(key, { ...group, count: group.count + 1 });
}
