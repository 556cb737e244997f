import { existsSync } from "node:fs";
import { join } from "node:path";
import { Type } from "typebox";
import { discardedName, moveAside } from "../../../ledger/dead-letters/discard-letters.ts";
import {
  letterPath,
  listDeadLetterFiles,
  readLetterLines,
} from "../../../ledger/dead-letters/letter-files.ts";
import {
  isSelected,
  LetterSelection,
  selectsAll,
} from "../../../ledger/dead-letters/letter-selection.ts";
import { recordChange } from "../../store/change.ts";
import type { LedgerHost } from "../host.ts";
import { showsNothing } from "../../views/view.ts";
import { defineOperation } from "../operation.ts";
import { Purpose } from "../record-read.ts";
import { assertSelection } from "./assert-selection.ts";

const strict = { additionalProperties: false } as const;
const count = Type.Integer({ minimum: 0 });

/** `weir ledger dead-letters discard` */
export const deadLettersDiscardOperation = defineOperation({
  name: "dead-letters-discard",
  summary: "Move rows that ClickHouse refused aside, on record, so that nothing retries them",
  permission: "ledger:operate",
  view: showsNothing,
  request: Type.Object(
    {
      ...LetterSelection.properties,
      reason: Purpose,
    },
    strict,
  ),
  step: Type.Object(
    { finished: Type.Boolean(), discarded: count, files: Type.Array(Type.String()) },
    strict,
  ),
  async *run(host, { reason, ...selection }) {
    assertSelection(selection);
    const { spool } = selection;
    const files: string[] = [];
    let discarded = 0;
    for (const file of await listDeadLetterFiles(join(host.dataDir, "spool"))) {
      if (file.kind !== "rows" || (spool !== "" && spool !== file.spoolId)) continue;
      const done = await host.whilePaused(() =>
        discardSpool(host, file.spoolId, selection, reason),
      );
      if (done === null) continue;
      files.push(done.name);
      discarded += done.letters;
      yield { finished: false, discarded, files: [...files] };
    }
    yield { finished: true, discarded, files };
  },
});

/** On record first: after a crash in between the letters are there still, and can be discarded. */
async function discardSpool(
  { dataDir, context }: LedgerHost,
  spoolId: string,
  selection: LetterSelection,
  reason: string,
): Promise<{ name: string; letters: number } | null> {
  const spoolRoot = join(dataDir, "spool");
  // Retried or discarded since the files were listed.
  if (!existsSync(letterPath(spoolRoot, spoolId))) return null;
  let letters = 0;
  for await (const { letter } of readLetterLines(letterPath(spoolRoot, spoolId)))
    if (letter !== null && isSelected(selection, letter)) letters += 1;
  if (letters === 0 && !selectsAll(selection)) return null;
  const name = discardedName(spoolRoot, spoolId, context.now());
  await context.store.transaction().execute((transaction) =>
    recordChange(transaction, context, {
      action: "dead_letters.discard",
      entityId: spoolId,
      before: { letters },
      after: { file: name, code: selection.code, sequences: selection.sequences, reason },
    }),
  );
  await moveAside(spoolRoot, spoolId, name, selection);
  return { name, letters };
}
