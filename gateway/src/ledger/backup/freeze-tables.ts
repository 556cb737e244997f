import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";

/** Tables as they were at one moment: their rows, and what makes them and their views. */
export interface FrozenTables {
  readonly rows: Readonly<Record<string, number>>;
  readonly schema: readonly string[];
  /** Under the shadow directory of ClickHouse, by table. */
  readonly directories: ReadonlyMap<string, string>;
}

interface TableRow {
  readonly name: string;
  readonly ddl: string;
  readonly is_view: number | boolean;
  readonly path: string;
}

/**
 * Freezes every table of an embedded ClickHouse: hard links to its parts, which never change, so that
 * it takes no time. It is consistent when nothing is inserted meanwhile.
 */
export async function freezeTables(
  client: ClickHouseClient,
  clickhousePath: string,
  name: string,
): Promise<FrozenTables> {
  const result = await client.query({
    query: `SELECT name, create_table_query AS ddl, endsWith(engine, 'View') AS is_view,
        arrayElement(data_paths, 1) AS path
      FROM system.tables
      WHERE database = currentDatabase() AND (endsWith(engine, 'MergeTree') OR endsWith(engine, 'View'))
      ORDER BY endsWith(engine, 'View'), name`,
    format: "JSONEachRow",
  });
  const tables = await result.json<TableRow>();
  const rows: Record<string, number> = {};
  const directories = new Map<string, string>();
  for (const { name: table, path } of tables.filter((each) => Number(each.is_view) === 0)) {
    await client.command({ query: `ALTER TABLE ${table} FREEZE WITH NAME '${name}'` });
    rows[table] = await countRows(client, table);
    const [, relative = ""] = /\/(store\/.+?)\/?$/.exec(path) ?? [];
    directories.set(table, join(clickhousePath, "shadow", name, relative));
  }
  return { rows, schema: tables.map(({ ddl }) => ddl), directories };
}

/** Rows of a table, without reading any. */
export async function countRows(client: ClickHouseClient, table: string): Promise<number> {
  const result = await client.query({
    query: `SELECT toFloat64(count()) AS rows FROM ${table}`,
    format: "JSONEachRow",
  });
  const [row] = await result.json<{ rows: number }>();
  return row?.rows ?? 0;
}

/** Moves what was frozen to `<target>/<table>/<part>`; it is on the same file system. */
export async function moveFrozen(
  { directories }: FrozenTables,
  clickhousePath: string,
  name: string,
  target: string,
): Promise<void> {
  await mkdir(target, { recursive: true, mode: 0o700 });
  for (const [table, directory] of directories) {
    const parts = await readdir(directory).catch((error: NodeJS.ErrnoException) => {
      // A table without rows leaves nothing.
      if (error.code === "ENOENT") return [];
      throw error;
    });
    if (parts.length > 0) await rename(directory, join(target, table));
  }
  await rm(join(clickhousePath, "shadow", name), { recursive: true, force: true });
}
