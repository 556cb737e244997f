import type { ClickHouseClient } from "@clickhouse/client";
import { clusterStatements } from "./cluster/cluster-statements.ts";
import { clusterDdlSettings } from "./cluster/settings.ts";
import { clusterOf } from "./open.ts";

/** Runs a statement of the schema, on every node when the client's server is one of a cluster. */
export async function runStatement(
  client: ClickHouseClient,
  statement: string,
  settings: Readonly<Record<string, number>> = {},
): Promise<void> {
  const cluster = clusterOf(client);
  if (cluster === undefined) {
    // In the statement, for the embedded engine would keep them for later queries.
    const list = Object.entries(settings).map(([name, value]) => `${name} = ${value}`);
    const suffix = list.length === 0 ? "" : ` SETTINGS ${list.join(", ")}`;
    await client.command({ query: `${statement}${suffix}` });
    return;
  }
  for (const query of clusterStatements(statement, cluster))
    await client.command({ query, clickhouse_settings: { ...clusterDdlSettings, ...settings } });
}
