import { mkdir, readdir, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { encodeRecord, lineOf } from "../rows/record.ts";
import { collect } from "../testing/collect.ts";
import { sampleCall } from "../testing/events.ts";
import { recordedIds } from "../testing/recorded-ids.ts";
import { temporaryDirectory } from "../testing/temporary-directory.ts";
import { openTestSpool } from "../testing/test-spool.ts";
import { Batch } from "./batch.ts";
import { SpoolCorruptError } from "./errors.ts";
import { closeFrame, FRAME_HEADER_BYTES, sealHead } from "./frame.ts";
import { readSpool } from "./read-spool.ts";
import { recoverSpool } from "./recover-spool.ts";
import { encodeHeader } from "./segment-header.ts";
import { segmentName } from "./segment-name.ts";

const SPOOL_ID = "proxy-0";
const HEADER_BYTES = 36 + SPOOL_ID.length + 4;
const RECORD = encodeRecord({ type: "call", event: sampleCall(0, { stream: true }) });
const LINE = lineOf({ spoolId: SPOOL_ID, epoch: Date.now(), sequence: 1 }, RECORD.fields);
const FRAME_BYTES = FRAME_HEADER_BYTES + LINE.length;

async function fill(root: string, count: number, from = 0): Promise<void> {
  const spool = await openTestSpool(root);
  for (let index = from; index < from + count; index += 1)
    await spool.append({ type: "call", event: sampleCall(index, { stream: true }) });
  await spool.close();
}

/** A spool of three calls whose process died: the last segment has no seal. */
async function crashedSpool(root: string): Promise<{ path: string; content: Buffer }> {
  await fill(root, 3);
  const path = join(root, "proxy-0", segmentName(1));
  const content = await readFile(path);
  const unsealed = content.subarray(0, content.length - FRAME_HEADER_BYTES);
  await writeFile(path, unsealed);
  return { path, content: Buffer.from(unsealed) };
}

/** Reopens, appends call 9, and tells what the spool then holds. */
async function reopen(root: string) {
  const errors: Error[] = [];
  const spool = await openTestSpool(root, { onError: (error) => errors.push(error) });
  const status = spool.status();
  await spool.append({ type: "call", event: sampleCall(9) });
  await spool.close();
  const ids = await recordedIds(join(root, "proxy-0"));
  const files = await readdir(join(root, "proxy-0"));
  return { errors, status, ids, aside: files.filter((name) => name.endsWith(".corrupt")) };
}

describe("opening a spool after a crash", () => {
  test("cuts a tail torn at any byte of the last frame, and goes on with the sequence", async () => {
    const directory = join(await temporaryDirectory(), SPOOL_ID);
    await mkdir(directory);
    const batch = new Batch();
    for (const sequence of [1, 2, 3])
      batch.add({ sequence, timeMs: 1, type: 1, version: 1 }, `proxy-0\t1\t${sequence}`);
    const header = { spoolId: SPOOL_ID, firstSequence: 1, createdAtMs: 1, epoch: 1 };
    const content = Buffer.concat([encodeHeader(header), batch.buffer.subarray(0, batch.bytes)]);
    const lastFrame = content.length - batch.bytes / 3;
    for (let cut = lastFrame; cut < content.length; cut += 1) {
      await writeFile(join(directory, segmentName(1)), content.subarray(0, cut));
      const recovery = await recoverSpool(directory, SPOOL_ID);
      expect(recovery, `cut at ${cut}`).toEqual({
        nextSequence: 3,
        epoch: 1,
        truncatedBytes: cut - lastFrame,
        corruptBytes: 0,
        errors: [],
      });
      const records = await collect(readSpool(directory));
      expect(records.map(({ sequence }) => sequence)).toEqual([1, 2]);
      expect(await recoverSpool(directory, SPOOL_ID)).toMatchObject({ truncatedBytes: 0 });
    }
    expect(await readdir(directory)).toEqual([segmentName(1)]);
  });

  test("keeps an intact tail", async () => {
    const root = await temporaryDirectory();
    await crashedSpool(root);
    const { errors, ids } = await reopen(root);
    expect(errors).toEqual([]);
    expect(ids).toEqual(["call-0", "call-1", "call-2", "call-9"]);
  });

  test("a flipped bit in the middle stops there, is reported, and its bytes are kept", async () => {
    for (const byte of [0, 2, 5, 9, 16, 30, FRAME_BYTES - 1]) {
      const root = await temporaryDirectory();
      const { path, content } = await crashedSpool(root);
      const at = HEADER_BYTES + FRAME_BYTES + byte;
      content.writeUInt8(content.readUInt8(at) ^ 1, at);
      await writeFile(path, content);
      const { errors, status, ids, aside } = await reopen(root);
      expect(errors, `byte ${byte}`).toEqual([expect.any(SpoolCorruptError)]);
      expect(status.corruptBytes).toBe(2 * FRAME_BYTES);
      expect(status.nextSequence).toBeGreaterThan(3);
      expect(ids).toEqual(["call-0", "call-9"]);
      expect(aside).toEqual([`${segmentName(1)}.corrupt`]);
      const kept = await readFile(`${path}.corrupt`);
      expect(kept.equals(content.subarray(HEADER_BYTES + FRAME_BYTES))).toBe(true);
    }
  });

  test("a flipped bit in the last frame is not taken for a torn write", async () => {
    const root = await temporaryDirectory();
    const { path, content } = await crashedSpool(root);
    content.writeUInt8(content.readUInt8(content.length - 3) ^ 1, content.length - 3);
    await writeFile(path, content);
    const { errors, ids, status } = await reopen(root);
    expect(errors).toHaveLength(1);
    expect(status.corruptBytes).toBe(FRAME_BYTES);
    expect(ids).toEqual(["call-0", "call-1", "call-9"]);
  });

  test("the zeros that a power cut leaves at the end are cut off", async () => {
    const root = await temporaryDirectory();
    const { path, content } = await crashedSpool(root);
    await truncate(path, content.length + 4096);
    const { errors, ids, status } = await reopen(root);
    expect(errors).toEqual([]);
    expect(status.truncatedBytes).toBe(4096);
    expect(ids).toEqual(["call-0", "call-1", "call-2", "call-9"]);
  });

  test("a segment that died in its header is done away with", async () => {
    for (const length of [0, 7, 30]) {
      const root = await temporaryDirectory();
      const { content } = await crashedSpool(root);
      await writeFile(join(root, "proxy-0", segmentName(4)), content.subarray(0, length));
      const { errors, ids } = await reopen(root);
      expect(errors).toEqual([]);
      expect(ids).toEqual(["call-0", "call-1", "call-2", "call-9"]);
    }
  });

  test.each([
    ["before its first frame", HEADER_BYTES],
    ["in its first frame", HEADER_BYTES + 20],
    ["before its first frame, and that was sealed by the Weir before", -1],
  ])("a segment that died %s makes room for one of the same name", async (_when, bytes) => {
    const root = await temporaryDirectory();
    await fill(root, 2);
    const first = await readFile(join(root, SPOOL_ID, segmentName(1)));
    const header = encodeHeader({ spoolId: SPOOL_ID, firstSequence: 3, createdAtMs: 1, epoch: 1 });
    const seal = Buffer.alloc(FRAME_HEADER_BYTES);
    closeFrame(seal, 0, sealHead(3), 0);
    const content =
      bytes === -1
        ? Buffer.concat([header, seal])
        : Buffer.concat([header, first.subarray(HEADER_BYTES)]).subarray(0, bytes);
    await writeFile(join(root, SPOOL_ID, segmentName(3)), content);
    const { status, ids, errors } = await reopen(root);
    expect(errors).toEqual([]);
    expect(status.nextSequence).toBe(3);
    expect(ids).toEqual([0, 1, 9].map((index) => sampleCall(index).id));
  });

  test("a segment of another spool is set aside, not read", async () => {
    const root = await temporaryDirectory();
    const { content } = await crashedSpool(root);
    const other = await openTestSpool(root, { spoolId: "proxy-1" });
    await other.append({ type: "call", event: sampleCall(5) });
    await other.close();
    const foreign = await readFile(join(root, "proxy-1", segmentName(1)));
    await writeFile(join(root, "proxy-0", segmentName(4)), foreign);
    expect(content.length).toBeGreaterThan(0);
    const { errors, ids, aside } = await reopen(root);
    expect(errors).toHaveLength(1);
    expect(ids).toEqual(["call-0", "call-1", "call-2", "call-9"]);
    expect(aside).toEqual([`${segmentName(4)}.corrupt`]);
  });

  test("sequences never repeat across many restarts", async () => {
    const root = await temporaryDirectory();
    for (let round = 0; round < 6; round += 1) await fill(root, 2, round * 2);
    const records = await collect(readSpool(join(root, "proxy-0")));
    expect(records.map(({ sequence }) => sequence)).toEqual(
      Array.from({ length: 12 }, (_, index) => index + 1),
    );
  });
});
