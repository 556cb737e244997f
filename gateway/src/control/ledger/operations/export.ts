import { existsSync } from "node:fs";
import { mkdir, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Static, Type } from "typebox";
import { v7 as uuidv7 } from "uuid";
import {
  exportQuery,
  formatName,
  readColumns,
  readDays,
} from "../../../ledger/export/export-query.ts";
import { writePiece } from "../../../ledger/export/write-file.ts";
import type { LedgerHost } from "../host.ts";
import { defineOperation } from "../operation.ts";
import { Purpose, recordRead } from "../record-read.ts";

const strict = { additionalProperties: false } as const;
const count = Type.Integer({ minimum: 0 });
const day = Type.String({ pattern: "^\\d{8}$" });

const Request = Type.Object(
  {
    table: Type.Union([Type.Literal("calls"), Type.Literal("decisions")]),
    format: Type.Union([Type.Literal("parquet"), Type.Literal("csv"), Type.Literal("ndjson")]),
    from: day,
    to: day,
    person: Type.String(),
    allRows: Type.Boolean(),
    purpose: Purpose,
  },
  strict,
);

/** `weir ledger export` */
export const exportOperation = defineOperation({
  name: "export",
  summary: "Write rows to a file of the data directory, on record",
  permission: "ledger:operate",
  view: { shows: "rows", resource: "ledger.export" },
  request: Request,
  step: Type.Object(
    {
      finished: Type.Boolean(),
      /** Of the file, under `exports/` of the data directory. */
      name: Type.String(),
      daysDone: count,
      days: count,
      bytes: count,
    },
    strict,
  ),
  async *run(host, request) {
    const { client, dataDir } = host;
    await recordExport(host, request);
    const name = `${uuidv7()}.${request.format}`;
    const path = join(dataDir, "exports", name);
    await mkdir(join(dataDir, "exports"), { recursive: true, mode: 0o700 });
    let isWhole = false;
    try {
      const columns = await readColumns(client, request.table);
      const days = await readDays(client, request);
      const query = exportQuery(request, columns);
      // A Parquet file ends with its index, and so is written in one go.
      const spans =
        request.format === "parquet"
          ? [{ from: request.from, to: request.to, days: days.length }]
          : days.map((each) => ({ from: each, to: each, days: 1 }));
      let daysDone = 0;
      for (const { from, to, days: spanDays } of spans) {
        const format = formatName(request.format, daysDone === 0);
        const parameters = { from: Number(from), to: Number(to), person: request.person };
        await writePiece(client, { path, format, query, parameters });
        daysDone += spanDays;
        const bytes = existsSync(path) ? (await stat(path)).size : 0;
        yield { finished: false, name, daysDone, days: days.length, bytes };
      }
      if (!existsSync(path)) await writeFile(path, "", { mode: 0o600 });
      isWhole = true;
      const { size: bytes } = await stat(path);
      yield { finished: true, name, daysDone, days: days.length, bytes };
    } finally {
      if (!isWhole) await rm(path, { force: true });
    }
  },
});

/** Before a row is read: an export that is not on record does not happen. */
async function recordExport(
  host: LedgerHost,
  { purpose, person, ...question }: Static<typeof Request>,
): Promise<void> {
  const personId = person === "" ? "*" : person;
  await recordRead(host, { personId, resource: "ledger.export", purpose }, question);
}
