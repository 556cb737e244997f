import { Readable } from "node:stream";
import { type ClickHouseClient, drainStream, parseError } from "@clickhouse/client";
import { clusterInsertSettings } from "./cluster/settings.ts";
import { clusterOf, embeddedWriter } from "./open.ts";

/** Lines of the `TabSeparated` format for one table, all of one layout. */
export interface LinesToInsert {
  readonly table: string;
  readonly columns: readonly string[];
  /** Each line with its newline. */
  readonly lines: Buffer;
  /** Names the INSERT by what it inserts: repeating it under the same token adds nothing. */
  readonly token: string;
}

/**
 * What an INSERT needs to be all or nothing, in its table and in every roll-up. Settings stand in the
 * statement, for the embedded engine would keep them for later queries.
 */
export function insertSettings(token: string) {
  return {
    insert_deduplication_token: token,
    insert_deduplicate: 1,
    deduplicate_blocks_in_dependent_materialized_views: 1,
    async_insert: 0,
    input_format_parallel_parsing: 0,
    input_format_null_as_default: 0,
    date_time_input_format: "basic",
  };
}

/** Inserts lines: one block, and if all are of one partition, all or nothing. */
export async function insertLines(client: ClickHouseClient, work: LinesToInsert): Promise<void> {
  const writer = embeddedWriter(client, work.table);
  if (writer === undefined) return insertOverHttp(client, work);
  const { table, lines, token } = work;
  try {
    await writer.rawInsert({
      table,
      columns: [...work.columns],
      format: "TabSeparated",
      values: lines,
      settings: insertSettings(token),
    });
  } catch (error) {
    // The engine's own error has no type; the client's, which a server's errors come as, has.
    throw parseError(error instanceof Error ? error.message : String(error));
  }
}

async function insertOverHttp(
  client: ClickHouseClient,
  { table, columns, lines, token }: LinesToInsert,
): Promise<void> {
  const isClustered = clusterOf(client) !== undefined;
  const needed = { ...insertSettings(token), ...(isClustered ? clusterInsertSettings : {}) };
  const settings = Object.entries(needed)
    .map(([name, value]) => `${name} = ${typeof value === "number" ? value : `'${value}'`}`)
    .join(", ");
  const names = columns.map((name) => `\`${name}\``).join(", ");
  const result = await client.exec({
    query: `INSERT INTO ${table} (${names}) SETTINGS ${settings} FORMAT TabSeparated`,
    values: Readable.from([lines], { objectMode: false }),
    // Over HTTP an error after the first byte would otherwise look like success.
    clickhouse_settings: { wait_end_of_query: 1 },
  });
  await drainStream(result.stream);
}
