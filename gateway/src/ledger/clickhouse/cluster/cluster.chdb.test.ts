import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ClickHouseClient, createClient } from "@clickhouse/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type ClickHouseServer,
  startClickHouseServer,
} from "../../../../../test/support/clickhouse-server/start-clickhouse-server.ts";
import { readMigrations } from "../migrate.ts";
import { clusterStatements } from "./cluster-statements.ts";
import { clusterDdlSettings, clusterInsertSettings, clusterReadSettings } from "./settings.ts";

// An in-memory Keeper makes the DDL of replicated tables real. Rows need a Keeper that chDB has not.
const CONFIG = `<clickhouse>
  <logger><level>fatal</level></logger>
  <zookeeper><implementation>testkeeper</implementation></zookeeper>
  <tcp_port>9000</tcp_port>
  <macros><shard>01</shard><replica>r1</replica></macros>
  <remote_servers><weir><shard><internal_replication>true</internal_replication>
    <replica><host>localhost</host><port>9000</port></replica></shard></weir></remote_servers>
</clickhouse>`;

let path: string;
let server: ClickHouseServer;
let client: ClickHouseClient;
let statements: string[];

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), "weir-cluster-"));
  await writeFile(join(path, "config.xml"), CONFIG);
  // A process of its own: with a Keeper in memory the engine does not survive being closed.
  server = await startClickHouseServer({
    path: join(path, "data"),
    configFile: join(path, "config.xml"),
  });
  client = createClient({ url: server.url });
  statements = (await readMigrations())
    .flatMap(({ sql }) => sql.split(/;[ \t]*(?:\n|$)/))
    .filter((sql) => sql.trim() !== "")
    .flatMap((sql) => clusterStatements(sql, "weir"));
});

afterAll(async () => {
  await client.close();
  await server.kill();
  await rm(path, { recursive: true, force: true });
});

async function rows(sql: string): Promise<Record<string, string>[]> {
  const result = await client.query({ query: sql, format: "JSONEachRow" });
  return result.json<Record<string, string>>();
}

const quoted = (sql: string) => `'${sql.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
const bare = (sql: string) => sql.replace(/ ON CLUSTER `weir`/, "");

describe("every migration for a cluster", () => {
  test("is what the real parser takes, on the cluster's nodes", async () => {
    expect(statements.length).toBeGreaterThan(30);
    for (const sql of statements) {
      const [row] = await rows(`SELECT formatQuery(${quoted(sql)}) AS sql`);
      expect(row?.["sql"], sql).toMatch(/ON CLUSTER weir/);
    }
  });

  test("makes replicated tables that the real engine takes, which remember tokens for a month", async () => {
    const creating = statements.filter((sql) => sql.includes("ENGINE = Replicated"));
    await client.command({ query: "CREATE DATABASE replicated" });
    const replicated = createClient({ url: server.url, database: "replicated" });
    for (const sql of creating) await replicated.command({ query: bare(sql) });
    await replicated.close();
    const made = await rows(
      `SELECT count() AS n FROM system.tables WHERE database = 'replicated' AND engine LIKE 'Replicated%'
       AND create_table_query LIKE '%replicated_deduplication_window_seconds = 2592000%'`,
    );
    expect(Number(made[0]?.["n"])).toBe(creating.length);
  });

  test("works on one node with tables that are not replicated: columns, rows and roll-ups", async () => {
    // Replicated tables stay read-only without a Keeper, so their plain forms take their place.
    const plain = (sql: string) =>
      bare(sql).replace(/ENGINE = Replicated(\w+)\([^)]*\)/, "ENGINE = $1");
    for (const sql of statements) await client.command({ query: plain(sql) });
    const different = await rows(
      `SELECT replaceRegexpOne(table, '_local$', '') AS name, count() AS n, uniqExact(columns) AS different
       FROM (SELECT table, groupArray((name, type)) AS columns FROM
         (SELECT table, name, type FROM system.columns WHERE database = 'default'
          AND NOT endsWith(table, '_view') ORDER BY table, position) GROUP BY table)
       GROUP BY name HAVING n != 2 OR different != 1`,
    );
    expect(different).toEqual([]);
    await client.insert({
      table: "calls",
      columns: ["id", "person_id", "started_at", "input_uncached"],
      values: [1, 2, 3].map((n) => [`id-${n}`, `person-${n}`, 1_790_000_000 + n, n]),
      format: "JSONCompactEachRow",
      clickhouse_settings: clusterInsertSettings,
    });
    for (const table of ["calls_local", "calls_minute", "calls_hour", "calls_day"])
      expect(
        await rows(`SELECT sum(input_uncached)::UInt32 AS tokens FROM ${table}`),
        table,
      ).toEqual([{ tokens: 6 }]);
    const keys = await rows(
      `SELECT name, extract(engine_full, '_local\\', (.*)\\)$') AS key FROM system.tables
       WHERE database = 'default' AND engine = 'Distributed' AND key NOT LIKE '%person_id%' ORDER BY name`,
    );
    expect(keys).toEqual([
      { name: "admin_log", key: "cityHash64(id)" },
      { name: "calls_minute", key: "cityHash64(team_id)" },
    ]);
  });
});

describe("one statement", () => {
  test("of a table becomes a replicated and a distributed one", () => {
    const sql = `-- why
CREATE TABLE IF NOT EXISTS calls
(
    id String COMMENT 'an id, its ENGINE = (none)',
    person_id String
)
ENGINE = MergeTree
PARTITION BY toYYYYMMDD(t)
ORDER BY (person_id, id)
SETTINGS non_replicated_deduplication_window = 10000, fsync_after_insert = 1
COMMENT 'SETTINGS of calls'`;
    expect(clusterStatements(sql, "weir").join("\n\n")).toMatchInlineSnapshot(`
      "CREATE TABLE IF NOT EXISTS calls_local ON CLUSTER \`weir\`
      (
          id String COMMENT 'an id, its ENGINE = (none)',
          person_id String
      )
      ENGINE = ReplicatedMergeTree('/clickhouse/tables/{shard}/{database}/calls_local', '{replica}')
      PARTITION BY toYYYYMMDD(t)
      ORDER BY (person_id, id)
      SETTINGS replicated_deduplication_window = 10000, replicated_deduplication_window_seconds = 2592000, fsync_after_insert = 1
      COMMENT 'SETTINGS of calls'

      CREATE TABLE IF NOT EXISTS calls ON CLUSTER \`weir\`
      (
          id String COMMENT 'an id, its ENGINE = (none)',
          person_id String
      )
      ENGINE = Distributed('weir', currentDatabase(), 'calls_local', cityHash64(person_id))
      COMMENT 'SETTINGS of calls'"
    `);
  });

  test("of a view reads and fills the local tables of its shard", () => {
    const sql =
      "CREATE MATERIALIZED VIEW IF NOT EXISTS v TO day AS SELECT calls.a AS a FROM calls GROUP BY a COMMENT 'x'";
    expect(clusterStatements(sql, "weir")).toMatchInlineSnapshot(`
      [
        "CREATE MATERIALIZED VIEW IF NOT EXISTS v ON CLUSTER \`weir\` TO day_local AS
      SELECT calls.a AS a FROM calls_local AS calls GROUP BY a COMMENT 'x'",
      ]
    `);
  });

  test("that alters tells columns to both tables, and settings apart from columns", () => {
    const sql = `ALTER TABLE calls
    ADD COLUMN IF NOT EXISTS a Array(String) COMMENT 'one, two' CODEC(ZSTD(1)) AFTER b,
    MODIFY SETTING non_replicated_deduplication_window = 5`;
    expect(clusterStatements(sql, "weir")).toMatchInlineSnapshot(`
      [
        "ALTER TABLE calls_local ON CLUSTER \`weir\`
          ADD COLUMN IF NOT EXISTS a Array(String) COMMENT 'one, two' CODEC(ZSTD(1)) AFTER b",
        "ALTER TABLE calls_local ON CLUSTER \`weir\`
          MODIFY SETTING replicated_deduplication_window = 5, replicated_deduplication_window_seconds = 2592000",
        "ALTER TABLE calls ON CLUSTER \`weir\`
          ADD COLUMN IF NOT EXISTS a Array(String) COMMENT 'one, two' CODEC(ZSTD(1)) AFTER b",
      ]
    `);
    expect(
      clusterStatements(
        "ALTER TABLE calls MODIFY TTL t + toIntervalDay(3) SETTINGS materialize_ttl_after_modify = 0",
        "weir",
      ),
    ).toMatchInlineSnapshot(`
      [
        "ALTER TABLE calls_local ON CLUSTER \`weir\`
          MODIFY TTL t + toIntervalDay(3) SETTINGS materialize_ttl_after_modify = 0",
      ]
    `);
  });

  test("without a known form is refused, as is a name that needs quoting", () => {
    expect(() => clusterStatements("OPTIMIZE TABLE calls", "weir")).toThrow(
      /No form for a cluster/,
    );
    expect(() => clusterStatements("DROP VIEW IF EXISTS v", "a`b")).toThrow(
      /not the name of a cluster/,
    );
  });
});

test("the engine knows every setting that a cluster needs", async () => {
  const names = Object.keys({
    ...clusterInsertSettings,
    ...clusterReadSettings,
    ...clusterDdlSettings,
  });
  const known = await rows(
    `SELECT name FROM system.settings WHERE name IN (${names.map(quoted).join()})`,
  );
  expect(new Set(known.map(({ name }) => name))).toEqual(new Set(names));
});
