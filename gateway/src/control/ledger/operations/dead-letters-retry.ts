import { join } from "node:path";
import { Type } from "typebox";
import { letterPath, listDeadLetterFiles } from "../../../ledger/dead-letters/letter-files.ts";
import { retryLetters } from "../../../ledger/dead-letters/retry-letters.ts";
import { isSelected, LetterSelection } from "../../../ledger/dead-letters/letter-selection.ts";
import { showsNothing } from "../../views/view.ts";
import { recordChange } from "../../store/change.ts";
import type { LedgerHost } from "../host.ts";
import { defineOperation } from "../operation.ts";
import { assertSelection } from "./assert-selection.ts";

const strict = { additionalProperties: false } as const;
const count = Type.Integer({ minimum: 0 });

/** `weir ledger dead-letters retry` */
export const deadLettersRetryOperation = defineOperation({
  name: "dead-letters-retry",
  summary: "Insert rows that ClickHouse refused, each once",
  permission: "ledger:operate",
  view: showsNothing,
  request: LetterSelection,
  step: Type.Object(
    {
      finished: Type.Boolean(),
      retried: count,
      /** In their tables already. */
      alreadyThere: count,
      /** Refused once more: they stay. */
      refused: count,
    },
    strict,
  ),
  async *run(host, selection) {
    assertSelection(selection);
    const { dataDir, client, log, whilePaused } = host;
    const { spool } = selection;
    const spoolRoot = join(dataDir, "spool");
    let isRecorded = false;
    const totals = { retried: 0, alreadyThere: 0, refused: 0 };
    for (const { kind, spoolId } of await listDeadLetterFiles(spoolRoot)) {
      if (kind !== "rows" || (spool !== "" && spool !== spoolId)) continue;
      if (!isRecorded) await recordRetry(host, selection);
      isRecorded = true;
      const path = letterPath(spoolRoot, spoolId);
      const isWanted = isSelected.bind(undefined, selection);
      const tried = new Set<string>();
      for (let isDone = false; !isDone;) {
        const turn = await whilePaused(() => retryLetters({ client, path, log, isWanted }, tried));
        totals.retried += turn.retried;
        totals.alreadyThere += turn.alreadyThere;
        totals.refused += turn.refused;
        isDone = turn.isDone;
        yield { finished: false, ...totals };
      }
    }
    yield { finished: true, ...totals };
  },
});

/** On record before a row goes in: a crash in between leaves letters that can be retried again. */
async function recordRetry({ context }: LedgerHost, selection: LetterSelection): Promise<void> {
  await context.store.transaction().execute((transaction) =>
    recordChange(transaction, context, {
      action: "dead_letters.retry",
      entityId: selection.spool,
      before: null,
      after: selection,
    }),
  );
}
