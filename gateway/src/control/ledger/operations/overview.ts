import { statfs } from "node:fs/promises";
import { join } from "node:path";
import { type Static, Type } from "typebox";
import { isEmbedded } from "../../../ledger/clickhouse/open.ts";
import {
  DeadLetterFile,
  letterPath,
  listDeadLetterFiles,
  readLetterLines,
} from "../../../ledger/dead-letters/letter-files.ts";
import { readMigrationState } from "../../../ledger/status/read-migrations.ts";
import { readSpools, SpoolState } from "../../../ledger/status/read-spools.ts";
import { LedgerTableState, readTables } from "../../../ledger/status/read-tables.ts";
import { defineOperation } from "../operation.ts";

const strict = { additionalProperties: false } as const;
const count = Type.Integer({ minimum: 0 });

const LedgerOverview = Type.Object(
  {
    /** When this was so. */
    atMs: Type.Integer(),
    clickhouse: Type.Object({ version: Type.String(), isEmbedded: Type.Boolean() }, strict),
    migrations: Type.Object(
      { applied: Type.Array(count), pending: Type.Array(Type.String()) },
      strict,
    ),
    tables: Type.Array(LedgerTableState),
    spools: Type.Array(SpoolState),
    /** Rows that wait among the dead letters, and the files. */
    deadLetters: count,
    deadLetterFiles: Type.Array(DeadLetterFile),
    /** Of the file system that the data directory is on. */
    diskFreeBytes: count,
    diskBytes: count,
  },
  strict,
);
export type LedgerOverview = Static<typeof LedgerOverview>;

/** `weir ledger status` */
export const overviewOperation = defineOperation({
  name: "overview",
  summary: "Tables, migrations, spools, dead letters and room of the ledger",
  permission: "ledger:read",
  view: { shows: "figures", resource: "ledger.overview" },
  request: Type.Object({}, strict),
  step: LedgerOverview,
  async *run({ client, dataDir, context }) {
    const spoolRoot = join(dataDir, "spool");
    const version = await client.query({
      query: "SELECT version() AS version",
      format: "JSONEachRow",
    });
    const [row] = await version.json<{ version: string }>();
    const { applied, pending } = await readMigrationState(client);
    const files = await listDeadLetterFiles(spoolRoot);
    const disk = await statfs(dataDir);
    yield {
      atMs: context.now(),
      clickhouse: { version: row?.version ?? "", isEmbedded: isEmbedded(client) },
      migrations: {
        applied: [...applied],
        pending: pending.map(({ version: number, name }) => `${number} ${name}`),
      },
      tables: await readTables(client),
      spools: await readSpools(spoolRoot),
      deadLetters: await countLetters(spoolRoot, files),
      deadLetterFiles: files,
      diskFreeBytes: disk.bavail * disk.bsize,
      diskBytes: disk.blocks * disk.bsize,
    };
  },
});

async function countLetters(spoolRoot: string, files: readonly DeadLetterFile[]): Promise<number> {
  let letters = 0;
  for (const { kind, spoolId } of files) {
    if (kind !== "rows") continue;
    for await (const { letter } of readLetterLines(letterPath(spoolRoot, spoolId)))
      if (letter !== null) letters += 1;
  }
  return letters;
}
