import type { ClickHouseClient } from "@clickhouse/client";
import { columnsOf, POSITION_COLUMNS, versionOf } from "../../ledger/rows/layout.ts";
import { layoutOf } from "../../ledger/rows/record.ts";
import type { AuditTable } from "../log/entry.ts";
import { LeafHasher } from "../log/leaf-input.ts";
import type { AuditRow } from "./verify-rows.ts";

const tables: readonly AuditTable[] = ["decisions", "admin_log", "access_log"];
const NEWLINE = 0x0a;
const TAB = 0x09;

/** Every audited row in the database, per table and UTC day, in the order of its spool. */
export async function* readAuditRows(client: ClickHouseClient): AsyncGenerator<AuditRow> {
  const hasher = new LeafHasher();
  for (const table of tables) {
    const layout = layoutOf(table);
    const columns = columnsOf(layout, versionOf(layout));
    for (const day of await daysOf(client, table, layout.timeColumn)) {
      const query = `SELECT ${columns.map((name) => `\`${name}\``).join(", ")} FROM ${table}
        WHERE toYYYYMMDD(${layout.timeColumn}) = ${day}
        ORDER BY ${POSITION_COLUMNS.join(", ")} FORMAT TabSeparated`;
      const { stream } = await client.exec({ query });
      for await (const line of linesOf(stream)) yield rowOf(table, line, hasher);
    }
  }
}

async function daysOf(client: ClickHouseClient, table: AuditTable, timeColumn: string) {
  const query = `SELECT DISTINCT toYYYYMMDD(${timeColumn}) AS day FROM ${table} ORDER BY day`;
  const result = await client.query({ query, format: "JSONEachRow" });
  return (await result.json<{ day: number }>()).map(({ day }) => day);
}

/** Lines without their newlines: the format escapes those within values. */
async function* linesOf(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer> {
  let rest = Buffer.alloc(0);
  for await (const chunk of stream) {
    const bytes = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      yield bytes.subarray(start, end);
      start = end + 1;
    }
    rest = bytes.subarray(start);
  }
  if (rest.length > 0) yield rest;
}

/** @param line by the newest layout. */
function rowOf(table: AuditTable, line: Buffer, hasher: LeafHasher): AuditRow {
  const first = line.indexOf(TAB);
  const second = line.indexOf(TAB, first + 1);
  const third = line.indexOf(TAB, second + 1);
  return {
    table,
    // Ids of spools have no character that the format escapes.
    spoolId: line.toString("utf8", 0, first),
    epoch: Number(line.toString("latin1", first + 1, second)),
    sequence: Number(line.toString("latin1", second + 1, third)),
    line,
    leafHash: (version) => {
      const cut = lineOfVersion(table, line, version);
      return cut === null ? null : hasher.binary(table, version, cut);
    },
  };
}

/** What the line was by an older layout: layouts only grow at their end. */
function lineOfVersion(table: AuditTable, line: Buffer, version: number): Buffer | null {
  const { widths } = layoutOf(table);
  const width = widths[version - 1];
  if (width === undefined) return null;
  if (version === widths.length) return line;
  let end = -1;
  for (let column = 0; column < POSITION_COLUMNS.length + width; column += 1)
    end = line.indexOf(TAB, end + 1);
  return line.subarray(0, end);
}
