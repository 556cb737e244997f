import { ClusterError, localName, onCluster } from "./names.ts";
import { replicatedSettings } from "./settings.ts";
import { indexOfKeyword, splitAtCommas } from "./split-top-level.ts";

/**
 * Expression by which rows are spread. A person's rows are all on one shard, so that a view adds up
 * there what it finds there; and it depends on the row alone, so that a repeated INSERT is cut into
 * the same blocks, of which each shard knows its own by the token.
 */
const SHARDING_KEYS: Readonly<Record<string, string>> = {
  calls: "cityHash64(person_id)",
  decisions: "cityHash64(person_id)",
  findings: "cityHash64(person_id)",
  access_log: "cityHash64(person_id)",
  content: "cityHash64(person_id)",
  calls_hour: "cityHash64(person_id)",
  calls_day: "cityHash64(person_id)",
  // Filled by a view on each shard; nobody inserts through the Distributed table.
  calls_minute: "cityHash64(team_id)",
};

/** `definition` is what stands behind the name: columns, engine and so on. */
export function createStatements(table: string, definition: string, cluster: string): string[] {
  const on = onCluster(cluster);
  const { columns, engine, clauses, settings, comment } = parts(table, definition);
  const local = localName(table);
  // The macro {database} keeps apart two Weirs that share a Keeper.
  const path = `'/clickhouse/tables/{shard}/{database}/${local}', '{replica}'`;
  const lines = [
    `CREATE TABLE IF NOT EXISTS ${local} ${on}\n${columns}`,
    `ENGINE = Replicated${engine}(${path})`,
    clauses,
    settings === "" ? "" : `SETTINGS ${replicatedSettings(splitAtCommas(settings)).join(", ")}`,
    comment,
  ];
  const key = SHARDING_KEYS[table] ?? `cityHash64(${firstColumn(columns)})`;
  const distributed = [
    `CREATE TABLE IF NOT EXISTS ${table} ${on}\n${withoutIndices(columns)}`,
    `ENGINE = Distributed('${cluster}', currentDatabase(), '${local}', ${key})`,
    comment,
  ];
  return [lines, distributed].map((clause) => clause.filter((line) => line !== "").join("\n"));
}

function parts(table: string, definition: string) {
  const engineAt = indexOfKeyword(definition, "ENGINE");
  const columns = definition.slice(0, engineAt).trim();
  const tail = definition.slice(engineAt);
  const engine = /^ENGINE = (\w*MergeTree)\b(?!\()/.exec(tail);
  if (engineAt === -1 || engine === null)
    throw new ClusterError(`${table} has no engine of which a replicated form is known.`);
  const commentAt = indexOfKeyword(tail, "COMMENT");
  const comment = commentAt === -1 ? "" : tail.slice(commentAt).trim();
  const uncommented = commentAt === -1 ? tail : tail.slice(0, commentAt);
  const settingsAt = indexOfKeyword(uncommented, "SETTINGS");
  const settings =
    settingsAt === -1 ? "" : uncommented.slice(settingsAt + "SETTINGS".length).trim();
  const end = settingsAt === -1 ? uncommented.length : settingsAt;
  const clauses = uncommented.slice(engine[0].length, end).trim();
  return { columns, engine: engine[1] ?? "", clauses, settings, comment };
}

/** Distributed tables take columns only. */
function withoutIndices(columns: string): string {
  const entries = splitAtCommas(columns.slice(1, columns.lastIndexOf(")")));
  const kept = entries.filter((entry) => !/^(INDEX|PROJECTION|CONSTRAINT) /i.test(entry));
  return `(\n    ${kept.join(",\n    ")}\n)`;
}

function firstColumn(columns: string): string {
  return /^\(\s*`?([\w.]+)`?/.exec(columns)?.[1] ?? "";
}
