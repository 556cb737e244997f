import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { nextBatch } from "../ship/next-batch.ts";
import { newCursor } from "../spool/cursor.ts";
import { listSegments } from "../spool/segment-name.ts";
import { sampleCall } from "../testing/events.ts";
import { temporaryDirectory } from "../testing/temporary-directory.ts";
import { openTestSpool } from "../testing/test-spool.ts";
import { measureWaiting } from "./measure-waiting.ts";

const CALLS = 450;
let root: string;
let directory: string;

beforeEach(async () => {
  root = await temporaryDirectory();
  directory = join(root, "proxy-0");
  const spool = await openTestSpool(root);
  for (let index = 0; index < CALLS; index += 1)
    await spool.append({ type: "call", event: sampleCall(index) });
  await spool.close();
});

/** Where a shipper stands that has shipped so many rows. */
async function afterRows(rows: number) {
  let position = { ...newCursor("proxy-0") };
  while (position.shippedThrough < rows) {
    const limits = { rows: rows - position.shippedThrough, bytes: 1_000_000 };
    const next = await nextBatch(directory, position, limits);
    if (next.kind === "idle") throw new Error("too few rows");
    position =
      next.kind === "batch"
        ? { ...position, ...next, shippedThrough: next.frames.at(-1)?.sequence ?? 0 }
        : { ...position, segment: next.nextSegment, offset: 0 };
  }
  return position;
}

describe("what waits in a spool", () => {
  test.each([0, 1, 149, 300, 449])("is counted to the row when %i are shipped", async (rows) => {
    expect((await listSegments(directory)).length).toBeGreaterThan(2);
    expect(await measureWaiting(directory, await afterRows(rows))).toEqual({
      rows: CALLS - rows,
      oldestAtMs: sampleCall(rows).startedAtMs,
    });
  });

  test("is nothing when all is shipped, and when there is no spool", async () => {
    const nothing = { rows: 0, oldestAtMs: null };
    expect(await measureWaiting(directory, await afterRows(CALLS))).toEqual(nothing);
    for (const name of await readdir(directory)) await rm(join(directory, name));
    expect(await measureWaiting(directory, newCursor("proxy-0"))).toEqual(nothing);
    expect(await measureWaiting(join(root, "none"), newCursor("none"))).toEqual(nothing);
  });
});
