import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ClickHouseError } from "@clickhouse/client";
import { insertLines } from "../clickhouse/insert-lines.ts";
import { sampleCall } from "../testing/events.ts";
import { listSegments } from "../spool/segment-name.ts";
import { temporaryDirectory } from "../testing/temporary-directory.ts";
import {
  emptyTables,
  expectedTally,
  fillSpool,
  openTestLedger,
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

/** A call with a count that no unsigned column takes. */
function badCall(index: number) {
  const { usage } = sampleCall(index);
  const tokens = usage.tokens === null ? null : { ...usage.tokens, cacheRead: -1 };
  return { usage: { ...usage, tokens } };
}

async function deadLetters(root: string): Promise<{ sequence: number; code: string }[]> {
  const text = await readFile(join(root, "dead-letters", "proxy-0.ndjson"), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/** Lets `allowed` INSERTs through, then fails as told. */
function failingInsert(allowed: number, failure: Error): typeof insertLines {
  let count = 0;
  return (client, work) => {
    count += 1;
    return count > allowed ? Promise.reject(failure) : insertLines(client, work);
  };
}

describe("a row that ClickHouse refuses", () => {
  test("is found, set aside and counted; all others arrive once", async () => {
    const root = await temporaryDirectory();
    const bad = [0, 57, 58, 199];
    await fillSpool(root, 200, 200, (index) => (bad.includes(index) ? badCall(index) : {}));
    const shipper = testShipper(ledger.client, root);
    await shipper.drain();
    expect(await tally(ledger.client)).toEqual(expectedTally(200, 200, bad));
    expect(shipper.status()).toMatchObject({ shippedRows: 396, deadRows: 4, failures: 0 });
    const letters = await deadLetters(root);
    expect(letters.map(({ sequence }) => sequence)).toEqual(bad.map((index) => index * 2 + 2));
    expect(letters[1]).toMatchObject({
      spoolId: "proxy-0",
      code: "CLICKHOUSE_27",
      reason: expect.stringContaining("cache_read"),
      table: "calls",
      line: expect.stringContaining("\tcall-57\t"),
    });
    await shipper.stop();
  });

  test.each([0, 1, 2, 3, 5, 8])(
    "is found all the same when the process dies after %i INSERTs of the search",
    async (allowed) => {
      const root = await temporaryDirectory();
      await fillSpool(root, 64, 64, (index) => (index === 21 ? badCall(index) : {}));
      const insert = failingInsert(allowed, new Error("connection lost"));
      const first = testShipper(ledger.client, root, { insert });
      await expect(first.drain()).rejects.toThrow("connection lost");
      await first.stop();
      const shipper = testShipper(ledger.client, root);
      await shipper.drain();
      expect(await tally(ledger.client)).toEqual(expectedTally(64, 64, [21]));
      expect(shipper.status()).toMatchObject({ shippedRows: 127, deadRows: 1 });
      expect(await deadLetters(root)).toHaveLength(1);
      await shipper.stop();
    },
  );

  // What callers name is checked before it gets here; what providers say is not.
  test("attack: half a character or NUL in a text keeps no row out", async () => {
    const root = await temporaryDirectory();
    const texts = ["\ud800", "a\ud800b", "\udfff", "\ud800\ud800", "\0", "\u001f\u2028"];
    await fillSpool(root, 6, 0, (index) => {
      const text = texts[index] ?? "";
      return { modelRequested: text, toolNames: [text], modelUsed: text };
    });
    const shipper = testShipper(ledger.client, root);
    await shipper.drain();
    expect(await tally(ledger.client)).toEqual(expectedTally(6));
    expect(shipper.status()).toMatchObject({ shippedRows: 6, deadRows: 0 });
    await shipper.stop();
  });
});

describe("a failure that no row can help", () => {
  test.each([
    ["a lost connection", Object.assign(new Error("ECONNREFUSED"), { code: "ECONNREFUSED" })],
    [
      "ClickHouse out of memory",
      new ClickHouseError({ message: "no", code: "241", type: "MEMORY_LIMIT_EXCEEDED" }),
    ],
    ["a missing table", new ClickHouseError({ message: "no", code: "60", type: "UNKNOWN_TABLE" })],
  ])("%s loses and sets aside nothing: it backs off and ships later", async (_name, failure) => {
    const root = await temporaryDirectory();
    let nowMs = 1_000_000;
    await fillSpool(root, 50);
    let isFailing = true;
    const insert: typeof insertLines = (client, work) =>
      isFailing ? Promise.reject(failure) : insertLines(client, work);
    const shipper = testShipper(ledger.client, root, { now: () => nowMs, insert });
    await expect(shipper.drain()).rejects.toBe(failure);
    await expect(shipper.drain()).rejects.toBe(failure);
    expect(shipper.status()).toMatchObject({ deadRows: 0, failures: 2, shippedRows: 0 });
    expect(shipper.status().pendingBytes).toBeGreaterThan(20_000);
    const [spool] = shipper.status().spools;
    expect(spool?.nextAttemptAtMs).toBe(nowMs + 375);
    expect(spool?.lastError).not.toBe("");
    isFailing = false;
    nowMs += 375;
    await shipper.drain();
    expect(await tally(ledger.client)).toEqual(expectedTally(50));
    expect(shipper.status().lastError).toBe("");
    await shipper.stop();
  });
});

describe("a damaged segment", () => {
  test("does not stop what comes after it, and its bytes are kept and counted", async () => {
    const root = await temporaryDirectory();
    const directory = join(root, "proxy-0");
    const writer = await openTestSpool(root);
    for (let index = 0; index < 450; index += 1)
      await writer.append({ type: "call", event: sampleCall(index) });
    await writer.close();
    const [, second, third] = await listSegments(directory);
    if (second === undefined || third === undefined) throw new Error("too few segments");
    const path = join(directory, second.name);
    const content = await readFile(path);
    content.writeUInt8(content.readUInt8(20_000) ^ 4, 20_000);
    await writeFile(path, content);
    const shipper = testShipper(ledger.client, root);
    await shipper.drain();
    const [spool] = shipper.status().spools;
    const lost = spool?.lostRows ?? 0;
    expect(lost).toBeGreaterThan(0);
    expect(shipper.status().shippedRows).toBe(450 - lost);
    const kept = await readFile(join(root, "dead-letters", `proxy-0-${second.name}.corrupt`));
    expect(kept.length).toBe(spool?.corruptBytes);
    expect(await listSegments(directory)).toEqual([]);
    await shipper.stop();
  });
});
