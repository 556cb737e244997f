import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { insertLines } from "../clickhouse/insert-lines.ts";
import { type Cursor, readCursor, writeCursor } from "../spool/cursor.ts";
import { sampleCall } from "../testing/events.ts";
import { temporaryDirectory } from "../testing/temporary-directory.ts";
import {
  emptyTables,
  expectedTally,
  fillSpool,
  openTestLedger,
  queryRows,
  tally,
  type TestLedger,
  testShipper,
} from "../testing/test-ledger.ts";
import { openTestSpool } from "../testing/test-spool.ts";

let ledger: TestLedger;

beforeAll(async () => {
  ledger = await openTestLedger();
});

afterAll(() => ledger.close());

beforeEach(() => emptyTables(ledger.client));

/** Calls `seen` before each INSERT. */
function watchedInsert(seen: () => Promise<void>): typeof insertLines {
  return async (client, work) => {
    await seen();
    return insertLines(client, work);
  };
}

async function segmentsOf(directory: string): Promise<Map<string, Buffer>> {
  const segments = new Map<string, Buffer>();
  for (const name of await readdir(directory))
    if (name.endsWith(".seg")) segments.set(name, await readFile(join(directory, name)));
  return segments;
}

describe("the shipper", () => {
  test("puts every record into its table and every roll-up, and empties the spool", async () => {
    const root = await temporaryDirectory();
    await fillSpool(root, 2500, 2500);
    const shipper = testShipper(ledger.client, root, { batchRows: 700 });
    await shipper.drain();
    expect(await tally(ledger.client)).toEqual(expectedTally(2500, 2500));
    expect(shipper.status()).toMatchObject({
      shippedRows: 5000,
      deadRows: 0,
      pendingBytes: 0,
      failures: 0,
      lastError: "",
    });
    expect(await readdir(join(root, "proxy-0"))).toEqual(["cursor.json", "writer.lock"]);
    await shipper.stop();
  });

  test("keeps times to the millisecond and missing values missing", async () => {
    const root = await temporaryDirectory();
    const startedAtMs = Date.UTC(2026, 10, 23, 23, 59, 59, 7);
    const usage = { ...sampleCall(0).usage, tokens: null, source: "missing" as const };
    await fillSpool(root, 1, 0, () => ({ startedAtMs, usage, timeToFirstByteMs: null }));
    const shipper = testShipper(ledger.client, root);
    await shipper.drain();
    expect(
      await queryRows(
        ledger.client,
        `SELECT toUnixTimestamp64Milli(started_at) AS at, input_uncached, time_to_first_byte_ms,
           duration_ms, person_id, server_tool_calls, spool_id, spool_sequence FROM calls`,
      ),
    ).toEqual([
      {
        at: startedAtMs,
        input_uncached: null,
        time_to_first_byte_ms: null,
        duration_ms: 812.345,
        person_id: "person-0",
        server_tool_calls: { web_search: 1 },
        spool_id: "proxy-0",
        spool_sequence: 1,
      },
    ]);
    await shipper.stop();
  });

  test("ships from a spool that is being written", async () => {
    const root = await temporaryDirectory();
    const spool = await openTestSpool(root);
    const shipper = testShipper(ledger.client, root);
    for (let index = 0; index < 600; index += 1) {
      await spool.append({ type: "call", event: sampleCall(index) });
      if (index % 100 === 50) await shipper.drain();
    }
    await shipper.drain();
    expect(await tally(ledger.client)).toEqual(expectedTally(600));
    await spool.close();
    await shipper.stop();
  });

  test("a sequence goes on after everything was shipped and deleted", async () => {
    const root = await temporaryDirectory();
    await fillSpool(root, 10);
    const shipper = testShipper(ledger.client, root);
    await shipper.drain();
    const spool = await openTestSpool(root);
    expect(spool.status()).toMatchObject({ nextSequence: 11, bytes: 0 });
    await spool.append({ type: "call", event: sampleCall(10) });
    await shipper.drain();
    expect(await tally(ledger.client)).toEqual(expectedTally(11));
    await spool.close();
    await shipper.stop();
  });

  test("a spool that was deleted and begun anew is not taken for the old one", async () => {
    for (const from of [0, 5]) {
      const root = await temporaryDirectory();
      const spool = await openTestSpool(root, { now: () => 1_000_000 + from });
      for (let index = from; index < from + 5; index += 1)
        await spool.append({ type: "call", event: sampleCall(index) });
      await spool.close();
      const shipper = testShipper(ledger.client, root);
      await shipper.drain();
      await shipper.stop();
    }
    expect(await tally(ledger.client)).toEqual(expectedTally(10));
  });

  test("a batch over midnight goes into both days, once", async () => {
    const root = await temporaryDirectory();
    const midnight = Date.UTC(2026, 10, 24);
    await fillSpool(root, 20, 0, (index) => ({ startedAtMs: midnight + (index % 2) - 1 }));
    const shipper = testShipper(ledger.client, root);
    await shipper.drain();
    expect(await tally(ledger.client)).toEqual(expectedTally(20));
    await shipper.stop();
  });

  test.each([0, 1])(
    "a batch repeated after a crash after INSERT %i doubles neither rows nor roll-ups",
    async (crashAt) => {
      const root = await temporaryDirectory();
      await fillSpool(root, 300, 300);
      const directory = join(root, "proxy-0");
      const segments = await segmentsOf(directory);
      let inserts = 0;
      const underWay: (Cursor | null)[] = [];
      const insert = watchedInsert(async () => {
        inserts += 1;
        underWay.push(await readCursor(directory));
        if (inserts > crashAt) throw new Error("connection lost");
      });
      const first = testShipper(ledger.client, root, { insert });
      await expect(first.drain()).rejects.toThrow("connection lost");
      await first.stop();
      // What the disk held while the batch was under way is what a crash would have left.
      const [cursor] = underWay;
      if (cursor === undefined || cursor === null) throw new Error("no intent was written");
      expect(cursor.intent?.work).toHaveLength(2);
      await writeCursor(directory, cursor);
      for (const [name, content] of segments) await writeFile(join(directory, name), content);
      const shipper = testShipper(ledger.client, root, { batchRows: 77 });
      await shipper.drain();
      expect(await tally(ledger.client)).toEqual(expectedTally(300, 300));
      await shipper.stop();
    },
  );

  test("a batch that was in before the crash is recognised by its token alone", async () => {
    const root = await temporaryDirectory();
    await fillSpool(root, 300, 300);
    const directory = join(root, "proxy-0");
    const segments = await segmentsOf(directory);
    let cursor: Cursor | null = null;
    const insert = watchedInsert(async () => {
      cursor ??= await readCursor(directory);
    });
    const first = testShipper(ledger.client, root, { insert });
    await first.drain();
    await first.stop();
    if (cursor === null) throw new Error("no intent was written");
    await writeCursor(directory, cursor);
    for (const [name, content] of segments) await writeFile(join(directory, name), content);
    const shipper = testShipper(ledger.client, root);
    await shipper.drain();
    expect(await tally(ledger.client)).toEqual(expectedTally(300, 300));
    await shipper.stop();
  });

  test("only one shipper to a root", async () => {
    const root = await temporaryDirectory();
    const shipper = testShipper(ledger.client, root);
    expect(() => testShipper(ledger.client, root)).toThrow(
      expect.objectContaining({ code: "WEIR_LEDGER_LOCKED" }),
    );
    await shipper.stop();
  });
});
