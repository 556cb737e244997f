import { alterStatements } from "./alter-table.ts";
import { createStatements } from "./create-table.ts";
import { ClusterError, localName, onCluster } from "./names.ts";

/**
 * One statement of a migration, as a cluster needs it: on every node, with replicated tables
 * `<name>_local` and a Distributed table under the name that the rest of Weir uses.
 * @param cluster name of the cluster in the servers' `remote_servers`.
 * @throws ClusterError for a statement that has no counterpart.
 */
export function clusterStatements(sql: string, cluster: string): string[] {
  const on = onCluster(cluster);
  const statement = sql.replace(/^(\s*--[^\n]*(\n|$))+/, "").trim();
  const create = /^CREATE TABLE IF NOT EXISTS (\w+)\s*(\([\s\S]*)$/.exec(statement);
  if (create !== null) return createStatements(create[1] ?? "", create[2] ?? "", cluster);
  const alter = /^ALTER TABLE (\w+)\s+([\s\S]*)$/.exec(statement);
  if (alter !== null) return alterStatements(alter[1] ?? "", alter[2] ?? "", cluster);
  const view = /^CREATE MATERIALIZED VIEW IF NOT EXISTS (\w+) TO (\w+) AS\s+([\s\S]*)$/.exec(
    statement,
  );
  if (view !== null) return [createView(view[1] ?? "", view[2] ?? "", view[3] ?? "", on)];
  const drop = /^DROP VIEW IF EXISTS (\w+)$/.exec(statement);
  if (drop !== null) return [`DROP VIEW IF EXISTS ${drop[1]} ${on} SYNC`];
  const truncate = /^TRUNCATE TABLE (\w+)$/.exec(statement);
  if (truncate !== null) return [`TRUNCATE TABLE ${localName(truncate[1] ?? "")} ${on} SYNC`];
  // Rows go through the Distributed table, which sends each to its shard.
  if (/^INSERT INTO \w+/.test(statement)) return [statement];
  throw new ClusterError(
    `No form for a cluster is known of: ${statement.slice(0, 80)}. Teach ledger/clickhouse/cluster it.`,
  );
}

/** A view works on each shard by itself: a person's rows and roll-ups are on the same one. */
function createView(name: string, target: string, select: string, on: string): string {
  const sources = select.match(/\bFROM \w+/g) ?? [];
  const [source] = sources;
  if (sources.length !== 1 || source === undefined)
    throw new ClusterError(
      `${name} does not read from exactly one table; see ledger/clickhouse/cluster.`,
    );
  const table = source.slice("FROM ".length);
  // The alias keeps `calls.started_at` and the like valid.
  const local = select.replace(source, `FROM ${localName(table)} AS ${table}`);
  return `CREATE MATERIALIZED VIEW IF NOT EXISTS ${name} ${on} TO ${localName(target)} AS\n${local}`;
}
