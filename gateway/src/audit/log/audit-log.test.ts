import { copyFileSync, cpSync, existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { LockedError } from "../../ledger/lock/hold-lock.ts";
import { AuditClosedError, AuditDamagedError, AuditOrderError } from "../errors.ts";
import { isConsistent, isIncluded } from "../merkle/check.ts";
import { GrowingTree } from "../merkle/growing-tree.ts";
import {
  fillLog,
  sampleId,
  sampleLeaf,
  sampleLeaves,
  source,
  startMs,
  temporaryDirectory,
} from "../testing/test-log.ts";
import { type AuditLog, openAuditLog } from "./audit-log.ts";
import { ENTRY_BYTES } from "./entry.ts";
import { idBytes, uuidTimeMs } from "./entry-id.ts";
import { LeafHasher } from "./leaf-input.ts";

const open = (directory: string): Promise<AuditLog> =>
  openAuditLog({ directory, now: () => startMs });

async function withLog<T>(directory: string, work: (log: AuditLog) => Promise<T>): Promise<T> {
  const log = await open(directory);
  try {
    return await work(log);
  } finally {
    await log.close();
  }
}

function expectedRoot(count: number): string {
  const hasher = new LeafHasher();
  const tree = new GrowingTree();
  for (const { table, layout, line } of sampleLeaves(0, count))
    tree.push(hasher.hash(table, layout, line), 0, () => undefined);
  return tree.root().toString("hex");
}

const rootOf = async (log: AuditLog) => (await log.roots()).root.toString("hex");

describe("appending", () => {
  test("gives the root of the leaves, whatever the batches and however often it is reopened", async () => {
    const directory = await temporaryDirectory();
    const ends = [1, 2, 3, 7, 255, 256, 257, 511, 512, 700, 1024, 1500];
    for (const [index, end] of ends.entries()) {
      await withLog(directory, async (log) => {
        await log.append(source, sampleLeaves(ends[index - 1] ?? 0, end));
        expect(await rootOf(log)).toBe(expectedRoot(end));
        const { size, ...roots } = await log.roots();
        expect(log.reader.roots(size)).toEqual(roots);
      });
    }
  });

  test("stores what a row's place and identity are", async () => {
    const directory = await temporaryDirectory();
    await withLog(directory, async (log) => {
      await log.append(source, sampleLeaves(0, 2));
      const entry = log.reader.entryAt(1);
      expect(entry).toMatchObject({
        table: "admin_log",
        layout: 1,
        atMs: startMs + 1,
        sequence: 3,
      });
      expect(entry.id).toBe(sampleId(1).replaceAll("-", ""));
      expect(log.reader.sources().get(entry.source)).toEqual(source);
    });
  });

  test("leaves out what the source has already, so that a repeated batch is never doubled", async () => {
    const directory = await temporaryDirectory();
    await withLog(directory, async (log) => {
      expect(log.appendedThrough(source)).toBe(-1);
      expect(await log.append(source, sampleLeaves(0, 10))).toEqual({ size: 10, appended: 10 });
      expect(await log.append(source, sampleLeaves(0, 10))).toEqual({ size: 10, appended: 0 });
      expect(await log.append(source, sampleLeaves(5, 12))).toEqual({ size: 12, appended: 2 });
      expect(log.appendedThrough(source)).toBe(23);
    });
    await withLog(directory, async (log) => {
      expect(log.appendedThrough(source)).toBe(23);
      expect(await log.append(source, sampleLeaves(5, 12))).toEqual({ size: 12, appended: 0 });
      const other = { spoolId: source.spoolId, epoch: source.epoch + 1 };
      expect(log.appendedThrough(other)).toBe(-1);
      expect(await log.append(other, sampleLeaves(0, 1))).toEqual({ size: 13, appended: 1 });
    });
  });

  test("at once appends one batch after the other", async () => {
    const directory = await temporaryDirectory();
    await withLog(directory, async (log) => {
      const batches = [0, 1, 2, 3].map((each) =>
        log.append(source, sampleLeaves(each * 50, each * 50 + 50)),
      );
      await Promise.all(batches);
      expect(await rootOf(log)).toBe(expectedRoot(200));
    });
  });

  test("refuses leaves out of order, which would be lost otherwise, and goes on", async () => {
    const directory = await temporaryDirectory();
    await withLog(directory, async (log) => {
      const swapped = [sampleLeaf(1), sampleLeaf(0)];
      await expect(log.append(source, swapped)).rejects.toThrow(AuditOrderError);
      await log.append(source, sampleLeaves(0, 2));
      expect(await rootOf(log)).toBe(expectedRoot(2));
    });
  });

  test("is refused to a second writer, and after closing", async () => {
    const directory = await temporaryDirectory();
    const log = await open(directory);
    await expect(open(directory)).rejects.toThrow(LockedError);
    await log.close();
    await log.close();
    await expect(log.append(source, sampleLeaves(0, 1))).rejects.toThrow(AuditClosedError);
    await (await open(directory)).close();
  });
});

describe("opening", () => {
  async function copyOf(directory: string): Promise<string> {
    const target = await temporaryDirectory();
    cpSync(directory, target, { recursive: true });
    return target;
  }

  test("after a crash at any byte of the last batch keeps whole leaves and goes on from there", async () => {
    const directory = await temporaryDirectory();
    await withLog(directory, (log) => log.append(source, sampleLeaves(0, 300)));
    const before = await copyOf(directory);
    await withLog(directory, (log) => log.append(source, sampleLeaves(300, 302)));
    for (let bytes = 300 * ENTRY_BYTES; bytes <= 302 * ENTRY_BYTES; bytes += 1) {
      // Levels and checkpoint are as they were: they are not written before the entries.
      copyFileSync(join(directory, "entries"), join(before, "entries"));
      await truncate(join(before, "entries"), bytes);
      const target = bytes % 40 === 0 ? await copyOf(before) : before;
      const log = await open(target);
      expect(log.size).toBe(Math.floor(bytes / ENTRY_BYTES));
      expect(log.tornBytes).toBe(bytes % ENTRY_BYTES);
      if (target !== before) {
        await log.append(source, sampleLeaves(300, 302));
        expect(await rootOf(log)).toBe(expectedRoot(302));
      }
      await log.close();
      await writeFile(join(before, "checkpoint.json"), '{"version":1,"size":300,"through":{}}');
    }
  });

  test("sets a batch aside that reached the disk in part, with holes", async () => {
    const directory = await temporaryDirectory();
    await withLog(directory, (log) => log.append(source, sampleLeaves(0, 10)));
    const checkpoint = readFileSync(join(directory, "checkpoint.json"));
    await withLog(directory, (log) => log.append(source, sampleLeaves(10, 20)));
    await writeFile(join(directory, "checkpoint.json"), checkpoint);
    const entries = readFileSync(join(directory, "entries"));
    await writeFile(
      join(directory, "entries"),
      entries.fill(0, 12 * ENTRY_BYTES, 14 * ENTRY_BYTES),
    );
    await withLog(directory, async (log) => {
      expect(log.size).toBe(12);
      expect(log.tornBytes).toBe(8 * ENTRY_BYTES);
      expect(log.appendedThrough(source)).toBe(23);
      await log.append(source, sampleLeaves(10, 20));
      expect(await rootOf(log)).toBe(expectedRoot(20));
    });
    const torn = readdirSync(directory).filter((name) => name.startsWith("torn-"));
    expect(torn.map((name) => statSync(join(directory, name)).size)).toEqual([8 * ENTRY_BYTES]);
  });

  test("writes levels anew that did not reach the disk", async () => {
    const directory = await temporaryDirectory();
    await withLog(directory, (log) => log.append(source, sampleLeaves(0, 512)));
    const early = await copyOf(directory);
    await withLog(directory, (log) => log.append(source, sampleLeaves(512, 1500)));
    copyFileSync(join(directory, "entries"), join(early, "entries"));
    await truncate(join(early, "level-01"), 256 * 32 + 7);
    await withLog(early, async (log) => {
      const { size, ...roots } = await log.roots();
      expect(log.reader.roots(size)).toEqual(roots);
      expect(statSync(join(early, "level-01")).size).toBe(750 * 32);
    });
  });

  test("without its checkpoint reads everything and finds the same", async () => {
    const directory = await temporaryDirectory();
    await withLog(directory, (log) => log.append(source, sampleLeaves(0, 1000)));
    await writeFile(join(directory, "checkpoint.json"), "not JSON");
    await withLog(directory, async (log) => {
      expect(log.appendedThrough(source)).toBe(1999);
      expect(await rootOf(log)).toBe(expectedRoot(1000));
    });
  });

  test("never cuts off what a head has signed", async () => {
    const directory = await temporaryDirectory();
    await fillLog(directory, [20]);
    await writeFile(join(directory, "checkpoint.json"), "{}");
    await truncate(join(directory, "entries"), 19 * ENTRY_BYTES);
    await expect(open(directory)).rejects.toThrow(AuditDamagedError);
    expect(existsSync(join(directory, `torn-${startMs}-${19 * ENTRY_BYTES}`))).toBe(false);
  });
});

test("every leaf is proved, and every size consistent with the last", async () => {
  const directory = await temporaryDirectory();
  await withLog(directory, async (log) => {
    await log.append(source, sampleLeaves(0, 300));
    const { root } = log.reader.roots(300);
    for (let index = 0; index < 300; index += 7) {
      const { leafHash } = log.reader.entryAt(index);
      const path = log.reader.inclusionPath(index, 300);
      expect(isIncluded({ index, size: 300, leafHash, path, root })).toBe(true);
      const firstRoot = log.reader.roots(index).root;
      const consistency = { first: index, second: 300, firstRoot, secondRoot: root };
      const proof = log.reader.consistencyPath(index, 300);
      expect(isConsistent({ ...consistency, path: proof })).toBe(true);
    }
  });
});

test("an id is a UUID's bytes or a digest's, and a version 7 UUID tells its time", () => {
  expect(idBytes(sampleId(5)).toString("hex")).toBe(sampleId(5).replaceAll("-", ""));
  expect(uuidTimeMs(sampleId(5))).toBe(startMs + 5);
  expect(uuidTimeMs("0193a8c0-0000-4000-8000-000000000000")).toBeNull();
  expect(idBytes("req_1").toString("hex")).toBe("dfe7be6cee3b99ca63628de710b914dd");
});
