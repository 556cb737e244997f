import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { insertLines } from "../clickhouse/insert-lines.ts";
import type { DeadLetter } from "../ship/dead-letters.ts";
import { sampleCall } from "../testing/events.ts";
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
import { listDeadLetterFiles, letterPath } from "./letter-files.ts";
import { retryLetters } from "./retry-letters.ts";

let ledger: TestLedger;
const log = { warn: () => undefined, error: () => undefined };

beforeAll(async () => {
  ledger = await openTestLedger();
});

afterAll(() => ledger.close());

beforeEach(() => emptyTables(ledger.client));

/** Ships 40 calls of which three were refused for a count of -1; mended = the letters' rows are fit. */
async function deadLetters(
  mended: boolean,
  change: Parameters<typeof sampleCall>[1] = {},
): Promise<string> {
  const root = await temporaryDirectory();
  const bad = [3, 17, 39];
  await fillSpool(root, 40, 0, (index) => {
    const { usage } = sampleCall(index);
    const tokens = usage.tokens === null ? null : { ...usage.tokens, cacheRead: -1 };
    return bad.includes(index) ? { ...change, usage: { ...usage, tokens } } : {};
  });
  const shipper = testShipper(ledger.client, root);
  await shipper.drain();
  await shipper.stop();
  expect(await tally(ledger.client)).toEqual(expectedTally(40, 0, bad));
  const path = letterPath(root, "proxy-0");
  if (mended) {
    const text = await readFile(path, "utf8");
    await writeFile(path, text.replaceAll(String.raw`\t-1\t`, String.raw`\t10\t`));
  }
  return path;
}

const retry = (path: string, insert = insertLines) =>
  retryLetters({ client: ledger.client, path, log, insert }, new Set());

describe("retrying dead letters", () => {
  test("inserts each once, into every roll-up, and removes the file", async () => {
    const path = await deadLetters(true);
    expect(await retry(path)).toEqual({ retried: 3, alreadyThere: 0, refused: 0, isDone: true });
    expect(await tally(ledger.client)).toEqual(expectedTally(40));
    await expect(readFile(path)).rejects.toThrow("ENOENT");
    expect(await retry(path)).toMatchObject({ retried: 0 });
  });

  test("keeps what ClickHouse still refuses, byte for byte", async () => {
    const path = await deadLetters(false);
    const before = await readFile(path, "utf8");
    expect(await retry(path)).toMatchObject({ retried: 0, refused: 3, isDone: true });
    expect(await readFile(path, "utf8")).toBe(before);
  });

  test.each([0, 1, 2])(
    "a crash after INSERT %i and before the file was rewritten doubles nothing",
    async (crashAt) => {
      const path = await deadLetters(true);
      const before = await readFile(path, "utf8");
      let inserts = 0;
      const insert: typeof insertLines = async (client, work) => {
        await insertLines(client, work);
        inserts += 1;
        if (inserts > crashAt) throw new Error("connection lost");
      };
      await expect(retry(path, insert)).rejects.toThrow("connection lost");
      await writeFile(path, before);
      const done = await retry(path);
      expect(done).toMatchObject({ retried: 2 - crashAt, alreadyThere: crashAt + 1 });
      expect(await tally(ledger.client)).toEqual(expectedTally(40));
    },
  );

  test("a row that got in without its sums gets them when it is found there", async () => {
    const path = await deadLetters(true);
    const before = await readFile(path, "utf8");
    await retry(path);
    await ledger.client.command({ query: "TRUNCATE TABLE calls_hour" });
    await writeFile(path, before);
    expect(await retry(path)).toMatchObject({ retried: 0, alreadyThere: 3 });
    expect(await tally(ledger.client)).toEqual(expectedTally(40));
  });

  test("a failure that is no row's fault leaves the letters that were not tried", async () => {
    const path = await deadLetters(true);
    let inserts = 0;
    const insert: typeof insertLines = (client, work) => {
      inserts += 1;
      return inserts > 1 ? Promise.reject(new Error("refused")) : insertLines(client, work);
    };
    await expect(retry(path, insert)).rejects.toThrow("refused");
    expect((await readFile(path, "utf8")).trim().split("\n")).toHaveLength(2);
    expect(await tally(ledger.client)).toEqual(expectedTally(40, 0, [17, 39]));
  });

  test("a token that the engine knows although it lost the row keeps nothing out", async () => {
    const path = await deadLetters(true);
    const before = await readFile(path, "utf8");
    await retry(path);
    await ledger.client.command({
      query: "DELETE FROM calls WHERE id = 'call-17' SETTINGS mutations_sync = 2",
    });
    await writeFile(path, before);
    expect(await retry(path)).toMatchObject({ retried: 1, alreadyThere: 2 });
    expect(await tally(ledger.client)).toEqual(expectedTally(40));
  });

  test("attack: line and paragraph separators in a text tear no letter apart", async () => {
    const path = await deadLetters(true, { modelRequested: "a\u2028b\u2029c" });
    expect(await retry(path)).toMatchObject({ retried: 3, refused: 0 });
    expect(await tally(ledger.client)).toEqual(expectedTally(40));
  });

  test("tries those alone that are wanted, and leaves the others as they are", async () => {
    const path = await deadLetters(true);
    const [, wanted] = (await readFile(path, "utf8")).split("\n");
    const { sequence }: DeadLetter = JSON.parse(wanted ?? "");
    const isWanted = (letter: DeadLetter) => letter.sequence === sequence;
    const options = { client: ledger.client, path, log, isWanted };
    expect(await retryLetters(options, new Set())).toMatchObject({ retried: 1, isDone: true });
    expect((await readFile(path, "utf8")).trim().split("\n")).toHaveLength(2);
    expect(await tally(ledger.client)).toEqual(expectedTally(40, 0, [3, 39]));
  });

  test.each([
    ["day", { partition: "20261122" }],
    ["sequence", { sequence: 9_999 }],
    ["epoch", { epoch: 1 }],
    ["spool", { spoolId: "proxy-1" }],
    ["version", { version: 99 }],
  ])(
    "bug: a letter with the %s of another row is kept, inserted not once, and blocks none",
    async (_name, changes) => {
      const path = await deadLetters(true);
      const [first = "", ...others] = (await readFile(path, "utf8")).split("\n");
      const damaged = JSON.stringify({ ...JSON.parse(first), ...changes });
      await writeFile(path, [damaged, ...others].join("\n"));
      expect(await retry(path)).toEqual({ retried: 2, alreadyThere: 0, refused: 1, isDone: true });
      expect(await tally(ledger.client)).toEqual(expectedTally(40, 0, [3]));
      expect(await readFile(path, "utf8")).toBe(`${damaged}\n`);
    },
  );

  test("a letter that stands there twice is inserted once; a torn line stays", async () => {
    const path = await deadLetters(true);
    const before = await readFile(path, "utf8");
    await writeFile(path, `${before}${before}{"spoolId":"pro`);
    expect(await retry(path)).toMatchObject({ retried: 3 });
    expect(await readFile(path, "utf8")).toBe('{"spoolId":"pro\n');
    expect(await tally(ledger.client)).toEqual(expectedTally(40));
    const files = await listDeadLetterFiles(join(path, "..", ".."));
    expect(files).toMatchObject([{ kind: "rows", spoolId: "proxy-0" }]);
  });
});
