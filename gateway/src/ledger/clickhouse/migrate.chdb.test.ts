import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { migrate, readMigrations } from "./migrate.ts";
import {
  openTestClickHouse,
  type TestClickHouse,
  testsUseServer,
} from "../testing/test-clickhouse.ts";
import { openClickHouse } from "./open.ts";

let path: string;
let clickhouse: TestClickHouse;
let client: ClickHouseClient;

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), "weir-ledger-"));
  clickhouse = await openTestClickHouse(join(path, "clickhouse"));
  client = clickhouse.client;
});

afterAll(async () => {
  await clickhouse.close();
  await rm(path, { recursive: true, force: true });
});

async function rows<T>(query: string): Promise<T[]> {
  const result = await client.query({ query, format: "JSONEachRow" });
  return result.json<T>();
}

describe("migrations", () => {
  test("apply once, in order, and then not again", async () => {
    const versions = (await readMigrations()).map(({ version }) => version);
    expect(await migrate(client, { retentionDays: 14 })).toEqual(versions);
    expect(await migrate(client, { retentionDays: 14 })).toEqual([]);
  });

  test("leave a comment on every table and every column", async () => {
    const tables = await rows<{ name: string; comment: string }>(
      "SELECT name, comment FROM system.tables WHERE database = currentDatabase()",
    );
    expect(tables.length).toBeGreaterThanOrEqual(7);
    expect(tables.filter(({ comment }) => comment === "")).toEqual([]);
    const bare = await rows(
      `SELECT table, name FROM system.columns
       WHERE database = currentDatabase() AND comment = '' AND NOT endsWith(table, '_view')`,
    );
    expect(bare).toEqual([]);
  });

  test("set the retention that is asked for, and change it later", async () => {
    const ttls = () =>
      rows<{ name: string; days: string }>(
        `SELECT name, extract(create_table_query, 'TTL .*?toIntervalDay\\\\((\\\\d+)\\\\)') AS days
         FROM system.tables WHERE database = currentDatabase() AND days != '' ORDER BY name`,
      );
    const daysOf = async () =>
      Object.fromEntries((await ttls()).map(({ name, days }) => [name, Number(days)]));
    expect(await daysOf()).toEqual({
      access_log: 400,
      admin_log: 400,
      calls: 14,
      calls_day: 400,
      calls_hour: 90,
      calls_minute: 14,
      content: 7,
      decisions: 14,
      findings: 400,
    });
    await migrate(client, { retentionDays: 30, auditRetentionDays: 60 });
    expect(await daysOf()).toMatchObject({ calls: 30, calls_hour: 90, admin_log: 60 });
  });

  test("refuse to go on when an applied one was changed", async () => {
    const [first, ...others] = await readMigrations();
    if (first === undefined) throw new Error("there are no migrations");
    const changed = [{ ...first, checksum: "other" }, ...others];
    await expect(migrate(client, { retentionDays: 14 }, changed)).rejects.toMatchObject({
      code: "WEIR_LEDGER_MIGRATION",
    });
  });

  test("refuse a database that a newer version has migrated", async () => {
    const known = (await readMigrations()).slice(0, -1);
    await expect(migrate(client, { retentionDays: 14 }, known)).rejects.toThrow(/newer Weir/);
  });

  test("can be repeated after a crash between their statements", async () => {
    await client.command({ query: "TRUNCATE TABLE schema_migrations" });
    expect(await migrate(client, { retentionDays: 14 })).toHaveLength(
      (await readMigrations()).length,
    );
  });

  // A server guards its own directory; nobody opens that by its path.
  test.skipIf(testsUseServer())("a second opener of the same path is told so", () => {
    expect(() => openClickHouse({ path: join(path, "clickhouse") })).toThrow(
      expect.objectContaining({ code: "WEIR_LEDGER_LOCKED" }),
    );
  });
});
