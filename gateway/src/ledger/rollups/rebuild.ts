import type { ClickHouseClient } from "@clickhouse/client";
import { type RollUp, selectOfDay } from "./roll-up.ts";

/**
 * Makes a UTC day of a roll-up anew from what its source has, at once for whoever reads: a table
 * beside it gets the day and the other days of its partition, and the partition is exchanged. Nothing
 * may be inserted meanwhile. Safe to repeat after a crash.
 */
export async function rebuildDay(
  client: ClickHouseClient,
  rollUp: RollUp,
  day: string,
): Promise<void> {
  const { table, time, keys, sums, partitionKey, partitionDigits } = rollUp;
  const scratch = `${table}_rebuilt`;
  const partition = day.slice(0, partitionDigits);
  const columns = [...keys, ...sums.map(({ name }) => name)].map((name) => `\`${name}\``);
  const names = columns.join(", ");
  // The embedded engine would keep settings that come beside a statement for later ones.
  const insert = `INSERT INTO ${scratch} (${names}) SETTINGS insert_deduplicate = 0, async_insert = 0`;
  const command = (query: string) =>
    client.command({ query, clickhouse_settings: { wait_end_of_query: 1 } });
  await command(`DROP TABLE IF EXISTS ${scratch} SYNC`);
  await command(`CREATE TABLE ${scratch} AS ${table}`);
  if (partitionDigits === 6)
    await command(
      `${insert} SELECT ${names} FROM ${table}
        WHERE ${partitionKey} = ${partition} AND toYYYYMMDD(${time}) != ${day}`,
    );
  await command(`${insert} SELECT ${names} FROM (${selectOfDay(rollUp, day)})`);
  await command(`ALTER TABLE ${table} REPLACE PARTITION ID '${partition}' FROM ${scratch}`);
  await command(`DROP TABLE IF EXISTS ${scratch} SYNC`);
}
