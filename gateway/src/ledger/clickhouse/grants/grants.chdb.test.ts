import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Session } from "chdb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { migrate } from "../migrate.ts";
import { closeClickHouse, openClickHouse } from "../open.ts";
import {
  fixedSettings,
  grantStatements,
  privilegesOf,
  viewStatements,
} from "./grant-statements.ts";
import { type LedgerUser, ledgerUsers } from "./ledger-users.ts";

const options = { database: "default" };
let path: string;
let settingNames: string[];

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), "weir-grants-"));
  const client = openClickHouse({ path: join(path, "data") });
  await migrate(client, { retentionDays: 20_000 });
  for (const person of ["ada", ""])
    await client.command({
      query: `INSERT INTO calls (id, person_id, started_at, spool_id, spool_sequence, input_uncached)
        SELECT 'call-${person}', '${person}', '2026-11-23 10:00:00', 'proxy-0', 1, 5`,
    });
  const names = await client.query({
    query: "SELECT name FROM system.settings",
    format: "JSONEachRow",
  });
  settingNames = (await names.json<{ name: string }>()).map(({ name }) => name);
  await closeClickHouse(client);
  await as("weir_migrate", async (query) => {
    for (const sql of viewStatements(options)) await query(sql);
  });
});

afterAll(() => rm(path, { recursive: true, force: true }));

/**
 * Runs `check` as the user. The embedded engine can store no users, but takes one from a file of
 * the same engine: the same privileges, values, constraints and conditions, in XML.
 */
async function as(name: string, check: (query: (sql: string) => Promise<string>) => Promise<void>) {
  const user = ledgerUsers.find((candidate) => candidate.name === name);
  if (user === undefined) throw new Error(name);
  await writeFile(join(path, "users.xml"), usersXml(user));
  const config = `<clickhouse><logger><level>fatal</level></logger><users_config>${join(path, "users.xml")}</users_config></clickhouse>`;
  await writeFile(join(path, "config.xml"), config);
  const connectionArgs = [`--config-file=${join(path, "config.xml")}`];
  const session = new Session(join(path, "data"), { connectionArgs });
  try {
    await check(async (sql) => (await session.queryAsync(sql, { format: "TSV" })).text());
  } finally {
    session.close();
  }
}

function usersXml(user: LedgerUser): string {
  const text = (value: string | number) => String(value).replaceAll("<", "&lt;");
  const values = user.settings.flatMap(([name, value]) =>
    value === undefined ? [] : [`<${name}>${text(value)}</${name}>`],
  );
  const named = new Set(user.settings.map(([name]) => name));
  const fixed = [
    "readonly",
    ...user.settings.flatMap(([name, value]) => (value === undefined ? [] : [name])),
    ...(user.readOnly ? [] : fixedSettings(named, settingNames)),
  ];
  const policies = Object.entries(user.rows).map(
    ([table, condition]) => `<${table}><filter>${text(condition)}</filter></${table}>`,
  );
  return `<clickhouse><profiles><default><readonly>${user.readOnly ? 1 : 0}</readonly>${values.join("")}
    <constraints>${fixed.map((name) => `<${name}><const/></${name}>`).join("")}</constraints></default></profiles>
    <users><default><password></password><networks><ip>::/0</ip></networks>
    <profile>default</profile><quota>default</quota>
    <grants>${privilegesOf(user, options)
      .map((grant) => `<query>GRANT ${grant}</query>`)
      .join("")}</grants>
    <databases><default>${policies.join("")}</default></databases></default></users>
    <quotas><default/></quotas></clickhouse>`;
}

const DENIED = /Not enough privileges/;
const SETTING = /SETTING_CONSTRAINT_VIOLATION|Cannot modify/;
const TRICKS = [
  "SELECT * FROM file('/etc/passwd', 'LineAsString')",
  "SELECT * FROM url('http://127.0.0.1:1/', 'CSV', 'a String')",
  "SELECT * FROM remote('127.0.0.1:1', 'default', 'calls')",
  "CREATE TABLE stolen ENGINE = Memory AS SELECT 1",
  "CREATE USER other",
  "GRANT SELECT ON *.* TO default",
  "DROP TABLE calls",
  "TRUNCATE TABLE calls",
  "SYSTEM SHUTDOWN",
  "BACKUP DATABASE default TO File('/tmp/backup')",
];
const INSERT = `INSERT INTO calls (id, started_at) SETTINGS insert_deduplication_token = 'a', insert_deduplicate = 1,
  deduplicate_blocks_in_dependent_materialized_views = 1, async_insert = 0, input_format_parallel_parsing = 0,
  input_format_null_as_default = 0, date_time_input_format = 'basic' FORMAT TabSeparated\n`;

describe("on the real engine", () => {
  test("weir_ingest adds rows and asks for their places, and does nothing else", async () => {
    await as("weir_ingest", async (query) => {
      await query(`${INSERT}id\t2026-11-23 10:00:00.000\n`);
      const place = `SELECT count() FROM calls WHERE toYYYYMMDD(started_at) = 20261123
        AND spool_id = 'proxy-0' AND spool_epoch = 0 AND spool_sequence = 1`;
      expect(await query(place)).toBe("2\n");
      for (const sql of [
        ...TRICKS,
        "SELECT person_id FROM calls",
        "SELECT * FROM calls_day",
        "SELECT * FROM calls_hour",
        "INSERT INTO calls_day (day) VALUES (1)",
        "ALTER TABLE calls DELETE WHERE 1",
        "ALTER TABLE calls DROP COLUMN id",
        "DROP VIEW calls_day_view",
      ])
        await expect(query(sql), sql).rejects.toThrow(DENIED);
    });
  });

  test("rows of weir_ingest reach the roll-ups that it may not touch", async () => {
    await as("weir_api", async (query) => {
      expect(await query("SELECT sum(calls) FROM calls_minute")).toBe("3\n");
      expect(await query("SELECT sum(calls) FROM calls_day")).toBe("3\n");
    });
  });

  test("weir_ingest can give no setting but the shipper's, and those only its values", async () => {
    await as("weir_ingest", async (query) => {
      await query("SET enable_http_compression = 1");
      await query("SET insert_deduplication_token = 'x'");
      for (const setting of [
        "insert_deduplicate = 0",
        "deduplicate_blocks_in_dependent_materialized_views = 0",
        "async_insert = 1",
        "max_threads = 1",
        "max_memory_usage = 1",
        "readonly = 2",
        "log_comment = 'x'",
      ])
        await expect(query(`SET ${setting}`), setting).rejects.toThrow(SETTING);
    });
  });

  test("weir_api reads the ledger with the console's settings and no others", async () => {
    await as("weir_api", async (query) => {
      await query(`SET output_format_json_quote_64bit_integers = 0, output_format_json_quote_decimals = 0,
        max_execution_time = 20, max_result_rows = 20000, enable_http_compression = 1`);
      expect(await query("SELECT count() > 1 FROM calls")).toBe("1\n");
      await query("SELECT * FROM calls_minute");
      for (const sql of [
        ...TRICKS,
        "INSERT INTO calls (id) VALUES ('x')",
        "SELECT * FROM schema_migrations",
        "SELECT count() FROM content",
      ])
        await expect(query(sql), sql).rejects.toThrow(
          /Not enough privileges|readonly mode|prohibited/,
        );
      for (const setting of [
        "max_execution_time = 600",
        "max_threads = 1",
        "readonly = 0",
        "readonly = 2",
      ])
        await expect(query(`SET ${setting}`), setting).rejects.toThrow(SETTING);
    });
  });

  test("weir_content reads what was sealed of calls, and nothing else", async () => {
    await as("weir_content", async (query) => {
      expect(await query("SELECT count() FROM content")).toBe("0\n");
      for (const sql of [...TRICKS, "SELECT id FROM calls", "SELECT * FROM access_log"])
        await expect(query(sql), sql).rejects.toThrow(
          /Not enough privileges|readonly mode|prohibited/,
        );
    });
  });

  test("weir_releases reads daily sums of people, and nothing of a call", async () => {
    await as("weir_releases", async (query) => {
      expect(
        await query("SELECT person_id, sum(input_uncached) FROM calls_day GROUP BY person_id"),
      ).toBe("ada\t5\n");
      for (const sql of [
        ...TRICKS,
        "SELECT id FROM calls",
        "SELECT * FROM calls_day",
        "SELECT model FROM calls_day",
        "SELECT * FROM decisions",
        "SELECT * FROM access_log",
        "SELECT * FROM calls_hour",
      ])
        await expect(query(sql), sql).rejects.toThrow(
          /Not enough privileges|readonly mode|prohibited/,
        );
      await expect(query("SET max_rows_to_read = 1")).rejects.toThrow(SETTING);
    });
  });

  test("weir_migrate does what migrations and erasure do, and neither drops a table nor makes a user", async () => {
    await as("weir_migrate", async (query) => {
      await query("CREATE TABLE IF NOT EXISTS more (a Int8) ENGINE = MergeTree ORDER BY a");
      await query("ALTER TABLE more ADD COLUMN b Int8, MODIFY SETTING min_bytes_for_wide_part = 1");
      await query("ALTER TABLE calls MODIFY TTL toDateTime(started_at) + toIntervalDay(9)");
      await query(
        "CREATE MATERIALIZED VIEW IF NOT EXISTS more_view TO more AS SELECT 1::Int8 AS a FROM calls",
      );
      await query("DROP VIEW IF EXISTS more_view");
      await query("ALTER TABLE calls DELETE WHERE person_id = 'nobody'");
      const allowed = /CREATE TABLE stolen|SYSTEM SHUTDOWN/;
      for (const sql of TRICKS.filter((trick) => !allowed.test(trick)))
        await expect(query(sql), sql).rejects.toThrow(DENIED);
      await expect(query("SET max_threads = 1")).rejects.toThrow(SETTING);
    });
  });
});

describe("the statements", () => {
  test("are what the real parser takes, for a server and for a cluster, and are complete", async () => {
    const session = new Session(join(path, "data"));
    const hash = "a".repeat(64);
    const parse = async (sql: string) => {
      const quoted = sql.replaceAll("\\", "\\\\").replaceAll("'", "\\'");
      return (
        await session.queryAsync(`SELECT formatQuery('${quoted}')`, { format: "TSVRaw" })
      ).text();
    };
    for (const more of [
      {},
      { cluster: "weir" },
      { networks: ["10.0.0.0/8"], passwordHashes: { weir_api: hash } },
    ]) {
      const statements = grantStatements({ database: "weir", ...more });
      for (const sql of statements) {
        const parsed = await parse(sql);
        if ("cluster" in more) expect(parsed).toMatch(/ON CLUSTER weir/);
      }
    }
    session.close();
    expect(grantStatements({ database: "weir" }).join(";\n")).toMatchSnapshot();
  });

  test("are refused with a name or hash that would end the quotes", () => {
    expect(() => grantStatements({ database: "a; DROP" })).toThrow(/not a plain name/);
    expect(() => grantStatements({ database: "a", passwordHashes: { weir_api: "'" } })).toThrow(
      /SHA-256/,
    );
    expect(() => grantStatements({ database: "a", networks: ["' OR"] })).toThrow(/network/);
    expect(() => grantStatements({ database: "a", cluster: "x`" })).toThrow(/name of a cluster/);
  });
});
