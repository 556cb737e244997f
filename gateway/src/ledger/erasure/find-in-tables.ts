import type { ClickHouseClient } from "@clickhouse/client";
import { idPattern } from "./person-text.ts";

export interface RowsThatName {
  readonly table: string;
  readonly column: string;
  readonly rows: number;
}

/** Asks every column that can hold text, of every table, for the id; those that have it. */
export async function findInTables(
  client: ClickHouseClient,
  personId: string,
): Promise<{ readonly columns: number; readonly found: RowsThatName[] }> {
  const columns = await textColumns(client);
  const found: RowsThatName[] = [];
  for (const [table, names] of Map.groupBy(columns, ({ table: name }) => name)) {
    const counts = names.map(
      ({ name, type }, index) => `countIf(${condition(name, type)}) AS count_${index}`,
    );
    const result = await client.query({
      query: `SELECT ${counts.join(", ")} FROM \`${table}\``,
      query_params: { id: personId, pattern: idPattern(personId) },
      format: "JSONEachRow",
    });
    const [row] = await result.json<Record<string, number | string>>();
    names.forEach(({ name }, index) => {
      const rows = Number(row?.[`count_${index}`] ?? 0);
      if (rows > 0) found.push({ table, column: name, rows });
    });
  }
  return { columns: columns.length, found };
}

async function textColumns(
  client: ClickHouseClient,
): Promise<{ table: string; name: string; type: string }[]> {
  const result = await client.query({
    query: `SELECT c.table AS table, c.name AS name, c.type AS type
      FROM system.columns AS c INNER JOIN system.tables AS t
        ON c.database = t.database AND c.table = t.name
      WHERE c.database = currentDatabase() AND position(c.type, 'String') > 0
        AND (t.engine LIKE '%MergeTree' OR t.engine = 'Memory')
      ORDER BY table, c.position`,
    format: "JSONEachRow",
  });
  return result.json();
}

function condition(name: string, type: string): string {
  const says = (text: string) =>
    `(position(${text}, {id:String}) > 0 AND match(${text}, {pattern:String}))`;
  const column = `\`${name}\``;
  if (type.startsWith("Map(")) return `arrayExists(entry -> ${says("entry")}, mapKeys(${column}))`;
  if (type.startsWith("Array(")) return `arrayExists(entry -> ${says("entry")}, ${column})`;
  return says(column);
}
