import { setTimeout as sleep } from "node:timers/promises";
import type { ClickHouseClient } from "@clickhouse/client";

const MAX_WAIT_MS = 60_000;
const POLL_MS = 1000;

/**
 * Makes parts that are no longer in use go from the disk now, which ClickHouse does minutes later.
 * @returns how many still stand there when it took too long.
 */
export async function purgeOldParts(
  client: ClickHouseClient,
  tables: readonly string[],
): Promise<number> {
  for (const table of tables)
    await client.command({ query: `ALTER TABLE ${table} MODIFY SETTING old_parts_lifetime = 1` });
  try {
    let left = await countOldParts(client, tables);
    for (let waitedMs = 0; left > 0 && waitedMs < MAX_WAIT_MS; waitedMs += POLL_MS) {
      await sleep(POLL_MS);
      // The thread that cleans up sleeps for minutes; dropping a partition, though there is none of
      // that name, cleans up at once.
      for (const table of tables)
        await client.command({ query: `ALTER TABLE ${table} DROP PARTITION ID '19700101'` });
      left = await countOldParts(client, tables);
    }
    return left;
  } finally {
    for (const table of tables)
      await client.command({ query: `ALTER TABLE ${table} RESET SETTING old_parts_lifetime` });
  }
}

async function countOldParts(client: ClickHouseClient, tables: readonly string[]): Promise<number> {
  const result = await client.query({
    query: `SELECT count() AS parts FROM system.parts
      WHERE database = currentDatabase() AND NOT active AND table IN {tables:Array(String)}`,
    query_params: { tables: [...tables] },
    format: "JSONEachRow",
  });
  const [row] = await result.json<{ parts: number | string }>();
  return Number(row?.parts ?? 0);
}
