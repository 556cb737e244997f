import { join } from "node:path";
import { Type } from "typebox";
import {
  DeadLetterFile,
  letterPath,
  listDeadLetterFiles,
  readLetterLines,
} from "../../../ledger/dead-letters/letter-files.ts";
import { readLine } from "../../../ledger/rows/read-line.ts";
import { layoutOf } from "../../../ledger/rows/record.ts";
import { isSpoolId } from "../../../ledger/spool/spool-id.ts";
import { ControlError } from "../../errors.ts";
import { defineOperation } from "../operation.ts";

const strict = { additionalProperties: false } as const;
const count = Type.Integer({ minimum: 0 });
const MAX_LISTED = 1000;

const ListedLetter = Type.Object(
  {
    spoolId: Type.String(),
    epoch: count,
    sequence: count,
    table: Type.String(),
    /** UTC day of the row, `20261123`. */
    day: Type.String(),
    /** When ClickHouse refused it. */
    atMs: Type.Integer(),
    code: Type.String(),
    reason: Type.String(),
  },
  strict,
);

/** `weir ledger dead-letters list` */
export const deadLettersListOperation = defineOperation({
  name: "dead-letters-list",
  summary: "Rows that ClickHouse refused, and what of damaged segments could not be read",
  permission: "ledger:read",
  request: Type.Object({}, strict),
  step: Type.Object(
    {
      files: Type.Array(DeadLetterFile),
      /** The first ones; `total` says how many there are. */
      letters: Type.Array(ListedLetter),
      total: count,
    },
    strict,
  ),
  async *run({ dataDir }) {
    const spoolRoot = join(dataDir, "spool");
    const files = await listDeadLetterFiles(spoolRoot);
    const letters = [];
    let total = 0;
    for (const { spoolId, kind } of files) {
      if (kind !== "rows") continue;
      for await (const { letter } of readLetterLines(letterPath(spoolRoot, spoolId))) {
        if (letter === null) continue;
        total += 1;
        if (letters.length >= MAX_LISTED) continue;
        const { epoch, sequence, table, partition: day, atMs, code, reason } = letter;
        letters.push({ spoolId: letter.spoolId, epoch, sequence, table, day, atMs, code, reason });
      }
    }
    yield { files, letters, total };
  },
});

/** `weir ledger dead-letters show` */
export const deadLettersShowOperation = defineOperation({
  name: "dead-letters-show",
  summary: "One row that ClickHouse refused, column by column",
  permission: "ledger:operate",
  request: Type.Object({ spool: Type.String(), sequence: count }, strict),
  step: Type.Object(
    {
      table: Type.String(),
      code: Type.String(),
      reason: Type.String(),
      columns: Type.Record(Type.String(), Type.String()),
    },
    strict,
  ),
  async *run({ dataDir }, { spool, sequence }) {
    assertSpool(spool);
    for await (const { letter } of readLetterLines(letterPath(join(dataDir, "spool"), spool))) {
      if (letter?.sequence !== sequence) continue;
      const { table, code, reason, version, line } = letter;
      yield { table, code, reason, columns: { ...readLine(layoutOf(table), version, line) } };
      return;
    }
    throw new ControlError(
      "WEIR_NOT_FOUND",
      `Spool ${spool} has no dead letter ${sequence}. List them with: weir ledger dead-letters list`,
    );
  },
});

/** The name becomes that of a file. @throws ControlError WEIR_INVALID_REQUEST */
export function assertSpool(name: string): void {
  if (isSpoolId(name)) return;
  throw new ControlError("WEIR_INVALID_REQUEST", "That is not the name of a spool.");
}
