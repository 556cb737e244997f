import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { letterPath } from "../../ledger/dead-letters/letter-files.ts";
import { encodeRecord } from "../../ledger/rows/record.ts";
import { sampleCall } from "../../ledger/testing/events.ts";
import { endSegments } from "../erasure/end-segments.ts";
import type { LedgerHost } from "../ledger/host.ts";
import { backupOperation } from "../ledger/operations/backup.ts";
import { deadLettersDiscardOperation } from "../ledger/operations/dead-letters-discard.ts";
import { deadLettersRetryOperation } from "../ledger/operations/dead-letters-retry.ts";
import { erasePersonOperation } from "../ledger/operations/erase-person.ts";
import { verifyOperation } from "../ledger/operations/verify.ts";
import type { Verb } from "./verb.ts";

/** A verb of the ledger: most of what it does is outside the control store. */
export interface LedgerVerb extends Pick<Verb, "rows" | "from" | "over"> {
  readonly prepare?: (host: LedgerHost) => Promise<void>;
  readonly act: (host: LedgerHost) => AsyncIterable<unknown>;
}

const operations = "control/ledger/operations";
const everything = { spool: "", code: "", sequences: [] };

async function addDeadLetter({ dataDir }: LedgerHost): Promise<void> {
  const { fields, version } = encodeRecord({ type: "call", event: sampleCall(7) });
  const letter = {
    spoolId: "proxy-0",
    epoch: 1,
    sequence: 7,
    table: "calls",
    version,
    partition: "20261123",
    atMs: 1,
    code: "CLICKHOUSE_27",
    reason: "no such number",
    line: `proxy-0\t1\t7${fields}`,
  };
  const path = letterPath(join(dataDir, "spool"), "proxy-0");
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(letter)}\n`);
}

/** Every verb of the ledger; `verbs` has the others. */
export const ledgerVerbs: Readonly<Record<string, LedgerVerb>> = {
  "discarding dead letters": {
    rows: ["dead_letters.discard"],
    from: [`${operations}/dead-letters-discard.ts`],
    over: "POST /api/ledger/dead-letters-discard",
    prepare: addDeadLetter,
    act: (host) =>
      deadLettersDiscardOperation.run(host, { ...everything, reason: "a test client" }),
  },
  "retrying dead letters": {
    rows: ["dead_letters.retry"],
    from: [`${operations}/dead-letters-retry.ts`],
    over: "POST /api/ledger/dead-letters-retry",
    prepare: addDeadLetter,
    act: (host) => deadLettersRetryOperation.run(host, everything),
  },
  "making roll-ups anew": {
    rows: ["ledger.repair"],
    from: [`${operations}/verify.ts`],
    over: "POST /api/ledger/verify",
    act: (host) => verifyOperation.run(host, { repair: true }),
  },
  "backing up": {
    rows: ["ledger.backup"],
    from: [`${operations}/backup.ts`],
    over: "POST /api/ledger/backup",
    act: (host) => backupOperation.run(host, { withKeys: false, weirVersion: "1.2.3" }),
  },
  "erasing a person": {
    rows: ["person.erase"],
    from: [`${operations}/erase-person.ts`],
    over: "POST /api/ledger/erase-person",
    act: (host) => erasePersonOperation.run(host, { personId: "erin", confirmed: true }),
  },
  "looking once more for what is left of an erased person": {
    rows: ["person.seek-erased"],
    from: ["control/erasure/end-segments.ts"],
    over: "POST /api/ledger/erase-person",
    act: async function* seek(host) {
      yield await endSegments(host, [], { tombstoneId: "t", columns: 1, files: 1 });
    },
  },
};
