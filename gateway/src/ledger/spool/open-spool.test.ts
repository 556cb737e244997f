import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { CallEvent, DecisionEvent } from "../../contracts/call-event.ts";
import { encodeRecord, lineOf } from "../rows/record.ts";
import { collect } from "../testing/collect.ts";
import { sampleCall, sampleDecision } from "../testing/events.ts";
import { failingDisk } from "../testing/failing-disk.ts";
import { recordedIds } from "../testing/recorded-ids.ts";
import { temporaryDirectory } from "../testing/temporary-directory.ts";
import { openTestSpool } from "../testing/test-spool.ts";
import { newCursor, writeCursor } from "./cursor.ts";
import { readSpool } from "./read-spool.ts";
import { listSegments } from "./segment-name.ts";

const encodeCall = (event: CallEvent) => encodeRecord({ type: "call", event });
const encodeDecision = (event: DecisionEvent) => encodeRecord({ type: "decision", event });
const call = (index: number) => ({ type: "call" as const, event: sampleCall(index) });

describe("a spool", () => {
  test("gives back what was appended, in order, calls and decisions alike", async () => {
    const root = await temporaryDirectory();
    const spool = await openTestSpool(root);
    await Promise.all([
      spool.append({ type: "decision", event: sampleDecision(1) }),
      spool.append(call(1)),
      spool.append(call(2)),
    ]);
    const frames = await collect(readSpool(join(root, "proxy-0")));
    const { epoch } = spool.status();
    const lines = [sampleDecision(1), sampleCall(1), sampleCall(2)].map((event, index) => {
      const record = "callId" in event ? encodeDecision(event) : encodeCall(event);
      return lineOf({ spoolId: "proxy-0", epoch, sequence: index + 1 }, record.fields);
    });
    expect(frames.map(({ payload }) => payload.toString("utf8"))).toEqual(lines);
    expect(frames.map(({ sequence, type, timeMs }) => ({ sequence, type, timeMs }))).toEqual([
      { sequence: 1, type: 2, timeMs: sampleDecision(1).decidedAtMs },
      { sequence: 2, type: 1, timeMs: sampleCall(1).startedAtMs },
      { sequence: 3, type: 1, timeMs: sampleCall(2).startedAtMs },
    ]);
    await spool.close();
  });

  test("writes what one turn hands in with one write", async () => {
    const spool = await openTestSpool(await temporaryDirectory());
    await Promise.all(Array.from({ length: 100 }, (_, index) => spool.append(call(index))));
    expect(spool.status()).toMatchObject({ writes: 1, appendedRecords: 100 });
    await spool.close();
  });

  test("in sync mode resolves only once the record is on the disk", async () => {
    const { disk, files } = failingDisk();
    const spool = await openTestSpool(await temporaryDirectory(), { commit: "sync", files });
    await spool.append(call(1));
    expect(disk.syncs).toBe(1);
    await spool.close();
  });

  test("in interval mode commits in the background", async () => {
    const { disk, files } = failingDisk();
    const spool = await openTestSpool(await temporaryDirectory(), { files });
    await spool.append(call(1));
    await expect.poll(() => disk.syncs).toBe(1);
    await spool.close();
  });

  test("begins another segment by size, and by age even when the clock steps back", async () => {
    const root = await temporaryDirectory();
    let nowMs = 1_000_000_000;
    const spool = await openTestSpool(root, { now: () => nowMs, segmentAgeMs: 60_000 });
    for (let index = 0; index < 180; index += 1) await spool.append(call(index));
    const bySize = (await listSegments(join(root, "proxy-0"))).length;
    expect(bySize).toBe(2);
    nowMs += 60_000;
    await spool.append(call(180));
    nowMs -= 3_600_000;
    await spool.append(call(181));
    expect((await listSegments(join(root, "proxy-0"))).length).toBe(bySize + 2);
    await spool.close();
    expect((await recordedIds(join(root, "proxy-0"))).length).toBe(182);
  });

  test("only one process at a time may write it", async () => {
    const root = await temporaryDirectory();
    const spool = await openTestSpool(root);
    await expect(openTestSpool(root)).rejects.toMatchObject({ code: "WEIR_LEDGER_LOCKED" });
    await spool.close();
    const next = await openTestSpool(root);
    await next.close();
  });

  test("waits for a dying writer to let go", async () => {
    const root = await temporaryDirectory();
    const dying = await openTestSpool(root);
    const opening = openTestSpool(root, { lockWaitMs: 5000 });
    await dying.close();
    const next = await opening;
    expect(next.status().nextSequence).toBe(1);
    await next.close();
  });

  test("refuses a record that is too large, and takes the next", async () => {
    const root = await temporaryDirectory();
    const spool = await openTestSpool(root);
    const huge = sampleCall(1, { toolNames: ["ä".repeat(600_000)] });
    await expect(spool.append({ type: "call", event: huge })).rejects.toMatchObject({
      code: "WEIR_SPOOL_RECORD_TOO_LARGE",
    });
    await spool.append(call(2));
    expect(await recordedIds(join(root, "proxy-0"))).toEqual(["call-2"]);
    await spool.close();
  });

  test("refuses appends after it was closed", async () => {
    const spool = await openTestSpool(await temporaryDirectory());
    await spool.close();
    await expect(spool.append(call(1))).rejects.toMatchObject({ code: "WEIR_SPOOL_CLOSED" });
  });

  test("must lie in a directory of its own name", async () => {
    const root = await temporaryDirectory();
    await expect(openTestSpool(root, { directory: root })).rejects.toMatchObject({
      code: "WEIR_SPOOL_DIRECTORY",
    });
  });
});

describe("a full spool", () => {
  const maxSpoolBytes = 1_048_576;

  test("turns calls away before it refuses to record those under way", async () => {
    const root = await temporaryDirectory();
    const spool = await openTestSpool(root, { maxSpoolBytes });
    let index = 0;
    while (spool.hasRoom()) await spool.append(call(index++));
    const admitted = index;
    const refusal = await (async () => {
      for (;;) await spool.append(call(index++));
    })().catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: "WEIR_SPOOL_FULL", reason: "spool" });
    expect(index - admitted).toBeGreaterThan(100);
    expect(spool.status().bytes).toBeLessThan(maxSpoolBytes * 1.01);
    await spool.close();
    expect((await recordedIds(join(root, "proxy-0"))).length).toBe(index - 1);
  });

  test("counts what it drops when told to", async () => {
    const spool = await openTestSpool(await temporaryDirectory(), {
      maxSpoolBytes,
      whenFull: "drop-and-count",
    });
    for (let index = 0; index < 3000; index += 1) await spool.append(call(index));
    const { appendedRecords, droppedRecords } = spool.status();
    expect(droppedRecords).toBeGreaterThan(0);
    expect(appendedRecords + droppedRecords).toBe(3000);
    await spool.close();
  });

  test("has room again a second after control has shipped", async () => {
    const root = await temporaryDirectory();
    let nowMs = 1_000_000;
    const spool = await openTestSpool(root, { maxSpoolBytes, now: () => nowMs });
    for (let index = 0; spool.hasRoom(); index += 1) await spool.append(call(index));
    const segments = await listSegments(join(root, "proxy-0"));
    const segment = segments.at(-1)?.name ?? "";
    await writeCursor(join(root, "proxy-0"), { ...newCursor("proxy-0"), segment, offset: 100 });
    expect(spool.hasRoom()).toBe(false);
    nowMs += 1000;
    await expect.poll(() => spool.hasRoom()).toBe(true);
    await spool.close();
  });

  test("still counts as unshipped what a former process left", async () => {
    const root = await temporaryDirectory();
    const first = await openTestSpool(root, { maxSpoolBytes });
    for (let index = 0; first.hasRoom(); index += 1) await first.append(call(index));
    await first.close();
    const second = await openTestSpool(root, { maxSpoolBytes });
    expect(second.hasRoom()).toBe(false);
    await second.close();
  });
});

describe("a cursor", () => {
  test("that cannot be read stops the spool from opening, for rows could be shipped twice", async () => {
    const root = await temporaryDirectory();
    const spool = await openTestSpool(root);
    await spool.close();
    await writeFile(join(root, "proxy-0", "cursor.json"), "{}");
    await expect(openTestSpool(root)).rejects.toMatchObject({ code: "WEIR_SPOOL_CURSOR" });
  });
});
