import { open, readdir } from "node:fs/promises";
import { join, relative } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import { countInBytes, idPattern } from "./person-text.ts";

export interface RowsThatName {
  readonly table: string;
  readonly column: string;
  readonly rows: number;
}

export interface FileThatNames {
  /** Below the data directory. */
  readonly path: string;
  readonly occurrences: number;
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

const CHUNK_BYTES = 4_194_304;

/** Looks for the bytes of the id in every file below a directory; those that have it. */
export async function findInFiles(
  directory: string,
  personId: string,
): Promise<{ readonly files: number; readonly bytes: number; readonly found: FileThatNames[] }> {
  const found: FileThatNames[] = [];
  let files = 0;
  let bytes = 0;
  for await (const path of filesBelow(directory)) {
    const searched = await searchFile(path, personId);
    if (searched === null) continue;
    files += 1;
    bytes += searched.bytes;
    const named = relative(directory, path);
    const inName = countInBytes(Buffer.from(named, "utf8"), personId);
    const occurrences = searched.occurrences + inName;
    if (occurrences > 0) found.push({ path: named, occurrences });
  }
  return { files, bytes, found };
}

async function* filesBelow(directory: string): AsyncGenerator<string> {
  const entries = await readdir(directory, { withFileTypes: true }).catch(nothingThere);
  for (const entry of entries ?? []) {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) yield* filesBelow(path);
    else if (entry.isFile()) yield path;
  }
}

/** Merges take parts away while this looks around: what is gone holds nothing. */
function nothingThere(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT") return null;
  throw error;
}

async function searchFile(
  path: string,
  personId: string,
): Promise<{ readonly bytes: number; readonly occurrences: number } | null> {
  const file = await open(path, "r").catch(nothingThere);
  if (file === null) return null;
  const overlap = Buffer.byteLength(personId) + 2;
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES + overlap);
  let kept = 0;
  let bytes = 0;
  let occurrences = 0;
  try {
    for (;;) {
      const { bytesRead } = await file.read(buffer, kept, CHUNK_BYTES, bytes);
      bytes += bytesRead;
      const filled = buffer.subarray(0, kept + bytesRead);
      const rest = bytesRead === 0 ? 0 : Math.min(overlap, filled.length);
      occurrences +=
        countInBytes(filled, personId) -
        countInBytes(filled.subarray(filled.length - rest), personId);
      if (bytesRead === 0) return { bytes, occurrences };
      filled.copy(buffer, 0, filled.length - rest);
      kept = rest;
    }
  } finally {
    await file.close();
  }
}
