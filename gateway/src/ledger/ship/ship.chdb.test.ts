import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { closeClickHouse, openClickHouse } from "../clickhouse/open.ts";
import { migrate } from "../clickhouse/migrate.ts";
import { readCursor, writeCursor } from "../spool/cursor.ts";
import { sampleCall, sampleDecision } from "../testing/events.ts";
import { temporaryDirectory } from "../testing/temporary-directory.ts";
import { openTestSpool } from "../testing/test-spool.ts";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { type Shipper, type ShipperOptions, startShipper } from "./start-shipper.ts";

let path: string;
let client: ClickHouseClient;

beforeAll(async () => {
  path = await mkdtemp(join(tmpdir(), "weir-ledger-"));
  client = openClickHouse({ path: join(path, "clickhouse") });
  await migrate(client, { retentionDays: 100_000 });
});

afterAll(async () => {
  await closeClickHouse(client);
  await rm(path, { recursive: true, force: true });
});

beforeEach(async () => {
  for (const table of ["calls", "decisions", "calls_hour", "calls_day"])
    await client.command({ query: `TRUNCATE TABLE ${table}` });
});

const log = { warn: () => undefined, error: () => undefined };

function shipperOf(spoolRoot: string, changes: Partial<ShipperOptions> = {}): Shipper {
  return startShipper({
    spoolRoot,
    client,
    intervalMs: 3_600_000,
    batchRows: 1000,
    batchBytes: 4_194_304,
    now: Date.now,
    random: () => 0.5,
    log,
    ...changes,
  });
}

async function rows<T>(query: string): Promise<T[]> {
  const result = await client.query({ query, format: "JSONEachRow" });
  return result.json<T>();
}

/** What is in every table, and whether the roll-ups agree with the rows. */
async function tally() {
  const [calls] = await rows<{ n: number; distinct: number; tokens: number }>(
    "SELECT count() AS n, uniqExact(id) AS distinct, sum(ifNull(input_uncached, 0)) AS tokens FROM calls",
  );
  const [decisions] = await rows<{ n: number }>("SELECT count() AS n FROM decisions");
  const [hour] = await rows<{ n: number; tokens: number }>(
    "SELECT sum(calls) AS n, sum(input_uncached) AS tokens FROM calls_hour",
  );
  const [day] = await rows<{ n: number; tokens: number }>(
    "SELECT sum(calls) AS n, sum(input_uncached) AS tokens FROM calls_day",
  );
  return { calls, decisions: decisions?.n, hour, day };
}

function expected(count: number, decisions = 0) {
  const tokens = (count * (count - 1)) / 2 + 100 * count;
  return {
    calls: { n: count, distinct: count, tokens },
    decisions,
    hour: { n: count, tokens },
    day: { n: count, tokens },
  };
}

async function fill(root: string, calls: number, decisions = 0): Promise<void> {
  const spool = await openTestSpool(root);
  const appended: Promise<void>[] = [];
  for (let index = 0; index < Math.max(calls, decisions); index += 1) {
    if (index < decisions)
      appended.push(spool.append({ type: "decision", event: sampleDecision(index) }));
    if (index < calls) appended.push(spool.append({ type: "call", event: sampleCall(index) }));
  }
  await Promise.all(appended);
  await spool.close();
}

describe("the shipper", () => {
  test("puts every record into its table and every roll-up, and empties the spool", async () => {
    const root = await temporaryDirectory();
    await fill(root, 2500, 2500);
    const shipper = shipperOf(root, { batchRows: 700 });
    await shipper.drain();
    expect(await tally()).toEqual(expected(2500, 2500));
    expect(shipper.status()).toMatchObject({
      shippedRows: 5000,
      deadRows: 0,
      pendingBytes: 0,
      failures: 0,
    });
    expect(await readdir(join(root, "proxy-0"))).toEqual(["cursor.json", "writer.lock"]);
    await shipper.stop();
  });

  test("ships from a spool that is being written", async () => {
    const root = await temporaryDirectory();
    const spool = await openTestSpool(root);
    const shipper = shipperOf(root);
    for (let index = 0; index < 600; index += 1) {
      await spool.append({ type: "call", event: sampleCall(index) });
      if (index % 100 === 50) await shipper.drain();
    }
    await shipper.drain();
    expect(await tally()).toEqual(expected(600));
    await spool.close();
    await shipper.stop();
  });

  test("a sequence goes on after everything was shipped and deleted", async () => {
    const root = await temporaryDirectory();
    await fill(root, 10);
    const shipper = shipperOf(root);
    await shipper.drain();
    const spool = await openTestSpool(root);
    expect(spool.status()).toMatchObject({ nextSequence: 11, bytes: 0 });
    await spool.append({ type: "call", event: sampleCall(10) });
    await shipper.drain();
    expect(await tally()).toEqual(expected(11));
    await spool.close();
    await shipper.stop();
  });

  test("a batch that is repeated after a crash doubles neither rows nor roll-ups", async () => {
    const root = await temporaryDirectory();
    await fill(root, 300, 300);
    const directory = join(root, "proxy-0");
    // The state on disk while the batch is under way is what a crash would leave.
    let underWay = await readCursor(directory);
    const spy = shipperOf(root, { batchRows: 1000 });
    const exec = client.exec.bind(client);
    client.exec = async (params: Parameters<typeof exec>[0]) => {
      underWay ??= await readCursor(directory);
      return exec(params);
    };
    const segments = new Map<string, Buffer>();
    for (const name of await readdir(directory)) {
      if (name.endsWith(".seg")) segments.set(name, await readFile(join(directory, name)));
    }
    await spy.drain();
    await spy.stop();
    client.exec = exec;
    const { writeFile } = await import("node:fs/promises");
    for (const [name, content] of segments) await writeFile(join(directory, name), content);
    if (underWay === null) throw new Error("no intent was seen");
    expect(underWay.intent?.work.length).toBe(2);
    await writeCursor(directory, underWay);
    const shipper = shipperOf(root, { batchRows: 77 });
    await shipper.drain();
    expect(await tally()).toEqual(expected(300, 300));
    await shipper.stop();
  });
});
