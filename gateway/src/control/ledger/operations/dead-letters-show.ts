import { join } from "node:path";
import { Type } from "typebox";
import { letterPath, readLetterLines } from "../../../ledger/dead-letters/letter-files.ts";
import { rowOfLetter } from "../../../ledger/dead-letters/letter-row.ts";
import type { DeadLetter } from "../../../ledger/ship/dead-letters.ts";
import { ControlError } from "../../errors.ts";
import { defineOperation } from "../operation.ts";
import { Purpose, recordRead } from "../record-read.ts";
import { assertSpool } from "./assert-selection.ts";

const strict = { additionalProperties: false } as const;
const count = Type.Integer({ minimum: 0 });
const EVERYBODY = "*";

/** `weir ledger dead-letters show` */
export const deadLettersShowOperation = defineOperation({
  name: "dead-letters-show",
  summary: "One row that ClickHouse refused, column by column, on record",
  permission: "ledger:operate",
  view: { shows: "rows", resource: "ledger.dead-letters" },
  request: Type.Object(
    { spool: Type.String({ maxLength: 128 }), sequence: count, purpose: Purpose },
    strict,
  ),
  step: Type.Object(
    {
      table: Type.String(),
      code: Type.String(),
      reason: Type.String(),
      columns: Type.Record(Type.String(), Type.String()),
    },
    strict,
  ),
  async *run(host, { spool, sequence, purpose }) {
    assertSpool(spool);
    const letter = await findLetter(host.dataDir, spool, sequence);
    const columns = rowOfLetter(letter);
    if (columns === null) throw damaged(spool, sequence);
    const { table, epoch, code, reason } = letter;
    await recordRead(
      host,
      { personId: personOf(columns), resource: "ledger.dead-letters", purpose },
      { spool, epoch, sequence, table },
    );
    yield { table, code, reason, columns: { ...columns } };
  },
});

async function findLetter(dataDir: string, spool: string, sequence: number): Promise<DeadLetter> {
  for await (const { letter } of readLetterLines(letterPath(join(dataDir, "spool"), spool)))
    if (letter?.sequence === sequence) return letter;
  throw new ControlError(
    "WEIR_NOT_FOUND",
    `Spool ${spool} has no dead letter ${sequence}. List them with: weir ledger dead-letters list`,
  );
}

/** Whose row it is; of one that names no person nobody can tell, and so everybody is told. */
function personOf(columns: Readonly<Record<string, string>>): string {
  return columns["person_id"] || EVERYBODY;
}

function damaged(spool: string, sequence: number): ControlError {
  return new ControlError(
    "WEIR_DEAD_LETTER_UNREADABLE",
    `Dead letter ${sequence} of ${spool} is no row as this version writes them: it was damaged, or ` +
      `a newer Weir wrote it. It stays in spool/dead-letters/${spool}.ndjson of the data directory.`,
  );
}
