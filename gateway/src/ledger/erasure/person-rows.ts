import type { ClickHouseClient } from "@clickhouse/client";
import type { LedgerTable } from "../rows/layout.ts";
import { idPattern } from "./person-text.ts";

type RowTable = LedgerTable | "findings";

interface TableOfRows {
  readonly table: RowTable;
  readonly time: string;
  /** Rows that are about the person, by the parameters `id`, `actor` and `pattern`. */
  readonly condition: string;
  /** Whether rows come from a spool and have a leaf in the audit log. */
  readonly isAudited: boolean;
}

const principal = "{id:String} IN (person_id, principal_id, on_behalf_of, agent_id)";
const asserted =
  "{id:String} IN (asserted_user_agent, asserted_session_id, asserted_agent_id, asserted_user_id)";
const says = (column: string) =>
  `(position(${column}, {id:String}) > 0 AND match(${column}, {pattern:String}))`;

/** What is kept of people, row by row. */
const tablesOfRows: readonly TableOfRows[] = [
  {
    table: "calls",
    time: "started_at",
    condition: `(${principal} OR ${asserted})`,
    isAudited: false,
  },
  {
    table: "decisions",
    time: "decided_at",
    condition: `(${principal} OR has(approvers, {id:String}))`,
    isAudited: true,
  },
  {
    table: "findings",
    time: "found_at",
    condition: `(person_id = {id:String} OR ${says("evidence")}
      OR arrayExists(reason -> match(reason, {pattern:String}), reasons))`,
    isAudited: false,
  },
  {
    table: "content",
    time: "captured_at",
    condition: "person_id = {id:String}",
    isAudited: false,
  },
  {
    table: "access_log",
    time: "accessed_at",
    condition: `(actor = {actor:String} OR person_id = {id:String} OR ${says("purpose")} OR ${says("question")})`,
    isAudited: true,
  },
  {
    table: "admin_log",
    time: "changed_at",
    condition: `(actor = {actor:String} OR entity_id = {id:String} OR ${says("before")} OR ${says("after")})`,
    isAudited: true,
  },
];

/** Roll-ups that have a row for each person. */
const rollUpsByPerson = ["calls_hour", "calls_day"] as const;

/** Every table that rows may go from. */
export const erasedTables = [
  ...tablesOfRows.map(({ table }) => table),
  "calls_minute",
  ...rollUpsByPerson,
];

const ROWS_TO_ERASE = "rows_to_erase";

export type RowCounts = Record<string, number>;

function parametersOf(personId: string) {
  return { id: personId, actor: `person:${personId}`, pattern: idPattern(personId) };
}

async function ask<T>(
  client: ClickHouseClient,
  query: string,
  parameters: Record<string, string> = {},
): Promise<T[]> {
  const result = await client.query({ query, query_params: parameters, format: "JSONEachRow" });
  return result.json<T>();
}

async function command(
  client: ClickHouseClient,
  query: string,
  parameters: Record<string, string> = {},
): Promise<void> {
  await client.command({
    query,
    query_params: parameters,
    clickhouse_settings: { wait_end_of_query: 1 },
  });
}

/** How many rows of each table are about the person. */
export async function countRows(client: ClickHouseClient, personId: string): Promise<RowCounts> {
  const counts: RowCounts = {};
  const conditions = [
    ...tablesOfRows,
    ...rollUpsByPerson.map((table) => ({ table, condition: "person_id = {id:String}" })),
  ];
  for (const { table, condition } of conditions) {
    const query = `SELECT count() AS rows FROM ${table} WHERE ${condition}`;
    const [row] = await ask<{ rows: number | string }>(client, query, parametersOf(personId));
    counts[table] = Number(row?.rows ?? 0);
  }
  return counts;
}

export interface RowsToErase {
  /** UTC days of the calls among them. */
  readonly days: readonly string[];
  /** Where those stood that have a leaf in the audit log. */
  readonly audited: readonly {
    readonly spoolId: string;
    readonly epoch: number;
    readonly sequence: number;
  }[];
}

/**
 * Notes in ClickHouse's memory which rows are about the person: a mutation leaves its statement on the
 * disk, and the id must not stand in it. Nothing may be inserted from here to {@link deleteRows}.
 */
export async function collectRows(
  client: ClickHouseClient,
  personId: string,
): Promise<RowsToErase> {
  const parameters = parametersOf(personId);
  await command(client, `DROP TABLE IF EXISTS ${ROWS_TO_ERASE} SYNC`);
  await command(client, `CREATE TABLE ${ROWS_TO_ERASE} (source String, id String) ENGINE = Memory`);
  for (const { table, condition } of tablesOfRows)
    await command(
      client,
      `INSERT INTO ${ROWS_TO_ERASE} SELECT '${table}', id FROM ${table} WHERE ${condition}`,
      parameters,
    );
  for (const table of rollUpsByPerson)
    await command(
      client,
      `INSERT INTO ${ROWS_TO_ERASE} SELECT DISTINCT '${table}', person_id FROM ${table}
        WHERE person_id = {id:String}`,
      parameters,
    );
  const days = await ask<{ day: number }>(
    client,
    `SELECT DISTINCT toYYYYMMDD(started_at) AS day FROM calls
      WHERE id IN (SELECT id FROM ${ROWS_TO_ERASE} WHERE source = 'calls') ORDER BY day`,
  );
  const audited: { spoolId: string; epoch: number; sequence: number }[] = [];
  for (const { table } of tablesOfRows.filter(({ isAudited }) => isAudited)) {
    const rows = await ask<{ spoolId: string; epoch: number | string; sequence: number | string }>(
      client,
      `SELECT spool_id AS spoolId, spool_epoch AS epoch, spool_sequence AS sequence FROM ${table}
        WHERE spool_id != '' AND id IN (SELECT id FROM ${ROWS_TO_ERASE} WHERE source = '${table}')`,
    );
    for (const { spoolId, epoch, sequence } of rows)
      audited.push({ spoolId, epoch: Number(epoch), sequence: Number(sequence) });
  }
  return { days: days.map(({ day }) => String(day)), audited };
}

/** Deletes what {@link collectRows} has noted, and forgets the note. Old parts still have it. */
export async function deleteRows(client: ClickHouseClient): Promise<void> {
  const keys = [
    ...tablesOfRows.map(({ table }) => ({ table, key: "id" })),
    ...rollUpsByPerson.map((table) => ({ table, key: "person_id" })),
  ];
  for (const { table, key } of keys)
    await command(
      client,
      `ALTER TABLE ${table} DELETE
        WHERE ${key} IN (SELECT id FROM ${ROWS_TO_ERASE} WHERE source = '${table}')
        SETTINGS mutations_sync = 2`,
    );
  await command(client, `DROP TABLE IF EXISTS ${ROWS_TO_ERASE} SYNC`);
}
