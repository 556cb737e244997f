import { join } from "node:path";
import { type Static, Type } from "typebox";
import { v7 as uuidv7 } from "uuid";
import {
  DeadLetterFile,
  letterPath,
  listDeadLetterFiles,
  readLetterLines,
} from "../../../ledger/dead-letters/letter-files.ts";
import { isSelected, LetterSelection } from "../../../ledger/dead-letters/letter-selection.ts";
import { readLine } from "../../../ledger/rows/read-line.ts";
import { layoutOf } from "../../../ledger/rows/record.ts";
import type { DeadLetter } from "../../../ledger/ship/dead-letters.ts";
import { isSpoolId } from "../../../ledger/spool/spool-id.ts";
import { ControlError } from "../../errors.ts";
import type { LedgerHost } from "../host.ts";
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
    const { spool } = selection;
    if (spool !== "") assertSpool(spool);
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
  const { spoolId, epoch, sequence, table, version, line, atMs, code, reason } = letter;
  const row = { id: "", time: "" };
  try {
    const layout = layoutOf(table);
    const columns = readLine(layout, version, line);
    row.id = columns["id"] ?? "";
    row.time = columns[layout.timeColumn] ?? "";
  } catch (error) {
    // It is listed all the same: nothing says that what ClickHouse refused is a row.
    if (!(error instanceof RangeError)) throw error;
  }
  return { spoolId, epoch, sequence, table, ...row, atMs, code, reason };
}

function countIn(
  groups: Map<string, Static<typeof LetterGroup>>,
  { spoolId, table, code }: DeadLetter,
): void {
  const key = JSON.stringify([spoolId, table, code]);
  const group = groups.get(key) ?? { spoolId, table, code, count: 0 };
  groups.set(key, { ...group, count: group.count + 1 });
}

/** `weir ledger dead-letters show` */
export const deadLettersShowOperation = defineOperation({
  name: "dead-letters-show",
  summary: "One row that ClickHouse refused, column by column",
  permission: "ledger:operate",
  request: Type.Object(
    {
      spool: Type.String(),
      sequence: count,
      purpose: Type.String({ minLength: 1, maxLength: 500 }),
    },
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
    const { dataDir } = host;
    assertSpool(spool);
    for await (const { letter } of readLetterLines(letterPath(join(dataDir, "spool"), spool))) {
      if (letter?.sequence !== sequence) continue;
      const { table, code, reason, version, line } = letter;
      const columns = { ...readLine(layoutOf(table), version, line) };
      await recordLook(host, letter, columns["person_id"] ?? "", purpose);
      yield { table, code, reason, columns };
      return;
    }
    throw new ControlError(
      "WEIR_NOT_FOUND",
      `Spool ${spool} has no dead letter ${sequence}. List them with: weir ledger dead-letters list`,
    );
  },
});

/** Before the row is shown: a row is data of a person, in ClickHouse or not. */
async function recordLook(
  { context, recordAccess }: LedgerHost,
  { spoolId, sequence, table }: DeadLetter,
  personId: string,
  purpose: string,
): Promise<void> {
  const atMs = context.now();
  await recordAccess({
    id: uuidv7({ msecs: atMs, random: context.randomBytes(16) }),
    atMs,
    actor: context.actor,
    personId: personId === "" ? "*" : personId,
    resource: "ledger.dead-letters",
    purpose,
    question: JSON.stringify({ spool: spoolId, sequence, table }),
  });
}

/** The name becomes that of a file. @throws ControlError WEIR_INVALID_REQUEST */
export function assertSpool(name: string): void {
  if (isSpoolId(name)) return;
  throw new ControlError("WEIR_INVALID_REQUEST", "That is not the name of a spool.");
}
