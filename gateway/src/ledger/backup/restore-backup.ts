import { cp, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import { closeClickHouse, openClickHouse } from "../clickhouse/open.ts";
import { countRows } from "./freeze-tables.ts";
import { BackupError, type BackupManifest } from "./manifest.ts";

const PARTS = "clickhouse";

/**
 * Fills an empty data directory from a backup whose digests have been verified. On an error what it has
 * made is removed. @throws BackupError when tables do not hold the rows that the manifest says.
 */
export async function restoreBackup(
  folder: string,
  manifest: BackupManifest,
  dataDir: string,
): Promise<void> {
  const names = (await readdir(folder)).filter(
    (name) => name !== PARTS && name !== "manifest.json",
  );
  try {
    for (const name of names)
      await cp(join(folder, name), join(dataDir, name), { recursive: true });
    const client = openClickHouse({ path: join(dataDir, "clickhouse") });
    try {
      for (const query of manifest.schema) await client.command({ query });
      for (const table of Object.keys(manifest.rows))
        await attachParts(client, table, join(folder, PARTS, table));
      await compareRows(client, manifest);
    } finally {
      await closeClickHouse(client);
    }
  } catch (error) {
    for (const name of [...names, "clickhouse", "clickhouse.lock"])
      await rm(join(dataDir, name), { recursive: true, force: true });
    throw error;
  }
}

/** Attaching tells no view: roll-ups come back as they were, not summed up once more. */
async function attachParts(client: ClickHouseClient, table: string, from: string): Promise<void> {
  const parts = await readdir(from).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const result = await client.query({
    query: `SELECT arrayElement(data_paths, 1) AS path FROM system.tables
      WHERE database = currentDatabase() AND name = {table:String}`,
    query_params: { table },
    format: "JSONEachRow",
  });
  const [row] = await result.json<{ path: string }>();
  if (row === undefined) throw new BackupError(`its schema has no table ${table}`);
  const detached = join(row.path, "detached");
  await mkdir(detached, { recursive: true });
  for (const part of parts) {
    await cp(join(from, part), join(detached, part), { recursive: true });
    await client.command({ query: `ALTER TABLE ${table} ATTACH PART '${part}'` });
  }
}

async function compareRows(client: ClickHouseClient, { rows }: BackupManifest): Promise<void> {
  for (const [table, expected] of Object.entries(rows)) {
    const found = await countRows(client, table);
    if (found !== expected)
      throw new BackupError(
        `${table} has ${found} rows after restoring, and should have ${expected}`,
      );
  }
}
