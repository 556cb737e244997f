import type { ClickHouseClient } from "@clickhouse/client";

export const exportTables = ["calls", "decisions"] as const;
export const exportFormats = ["parquet", "csv", "ndjson"] as const;
export type ExportTable = (typeof exportTables)[number];
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportColumn {
  readonly name: string;
  readonly type: string;
}

/** Which rows of which table, as what. */
export interface ExportRequest {
  readonly table: ExportTable;
  readonly format: ExportFormat;
  /** UTC days, `20261123`, both included. */
  readonly from: string;
  readonly to: string;
  /** Whose; empty for everybody's. */
  readonly person: string;
  /** Also rows that a correction has taken the place of. */
  readonly allRows: boolean;
}

const times: Readonly<Record<ExportTable, string>> = {
  calls: "started_at",
  decisions: "decided_at",
};

/** The columns of a table in their order. */
export async function readColumns(
  client: ClickHouseClient,
  table: ExportTable,
): Promise<ExportColumn[]> {
  const result = await client.query({
    query: `SELECT name, type FROM system.columns
      WHERE database = currentDatabase() AND table = {table:String} ORDER BY position`,
    query_params: { table },
    format: "JSONEachRow",
  });
  return result.json<ExportColumn>();
}

/** UTC days between the two that have rows, in order. */
export async function readDays(
  client: ClickHouseClient,
  { table, from, to }: Pick<ExportRequest, "table" | "from" | "to">,
): Promise<string[]> {
  const result = await client.query({
    query: `SELECT DISTINCT toYYYYMMDD(${times[table]}) AS day FROM ${table}
      WHERE day BETWEEN {from:UInt32} AND {to:UInt32} ORDER BY day`,
    query_params: { from: Number(from), to: Number(to) },
    format: "JSONEachRow",
  });
  return (await result.json<{ day: number }>()).map(({ day }) => String(day));
}

/** The rows of a span of days; its parameters are `from`, `to` and `person`. */
export function exportQuery(
  { table, format, person, allRows }: ExportRequest,
  columns: readonly ExportColumn[],
): string {
  const days = `toYYYYMMDD(${times[table]}) BETWEEN {from:UInt32} AND {to:UInt32}`;
  const conditions = [days];
  if (person !== "") conditions.push("person_id = {person:String}");
  // A correction stands on the day of its call.
  if (table === "calls" && !allRows)
    conditions.push(`id NOT IN (SELECT supersedes FROM calls WHERE ${days} AND supersedes != '')`);
  const cells = columns.map((column) => (format === "csv" ? csvCell(column) : quoted(column.name)));
  return `SELECT ${cells.join(", ")} FROM (
      SELECT ${columns.map(({ name }) => quoted(name)).join(", ")} FROM ${table}
      WHERE ${conditions.join(" AND ")}
    )`;
}

/** Also a line feed, and the full-width forms that some spreadsheets take for the plain ones. */
const formulaStart = "^[=+@\\\\t\\\\r\\\\n\uFF1D\uFF0B\uFF0D\uFF20-]";

/**
 * A text that a spreadsheet would take for a formula gets an apostrophe before it.
 * Source: OWASP, CSV Injection.
 */
function csvCell({ name, type }: ExportColumn): string {
  if (type !== "String" && type !== "LowCardinality(String)") return quoted(name);
  const text = `toString(${quoted(name)})`;
  return `if(match(${text}, '${formulaStart}'), concat('\\'', ${text}), ${text}) AS ${quoted(name)}`;
}

/** What ClickHouse calls the format; only the first piece of a CSV file names its columns. */
export function formatName(format: ExportFormat, isFirst: boolean): string {
  if (format === "parquet") return "Parquet";
  if (format === "ndjson") return "JSONEachRow";
  return isFirst ? "CSVWithNames" : "CSV";
}

function quoted(name: string): string {
  return `\`${name}\``;
}
