import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { sampleCall } from "../testing/events.ts";
import { failingDisk } from "../testing/failing-disk.ts";
import { recordedIds } from "../testing/recorded-ids.ts";
import { temporaryDirectory } from "../testing/temporary-directory.ts";
import { openTestSpool } from "../testing/test-spool.ts";
import { listSegments } from "./segment-name.ts";

const call = (index: number) => ({ type: "call" as const, event: sampleCall(index) });

describe("a disk that fails", () => {
  test("when it is full in the middle of a write, nothing half-written stays, and it recovers", async () => {
    const root = await temporaryDirectory();
    const { disk, files } = failingDisk();
    let nowMs = 1_000_000;
    const spool = await openTestSpool(root, { files, now: () => nowMs });
    await spool.append(call(0));
    for (const partial of [0, 5, 700, 3000]) {
      Object.assign(disk, { fault: "ENOSPC", partial, free: 0 });
      const results = await Promise.allSettled([1, 2, 3].map((n) => spool.append(call(n))));
      for (const result of results)
        expect(result).toMatchObject({ reason: { code: "WEIR_SPOOL_FULL", reason: "disk" } });
      expect(spool.hasRoom()).toBe(false);
      Object.assign(disk, { fault: "", free: 2 ** 40 });
      nowMs += 1000;
      await expect.poll(() => spool.hasRoom()).toBe(true);
      await spool.append(call(partial));
    }
    await spool.close();
    expect(await recordedIds(join(root, "proxy-0"))).toEqual([
      "call-0",
      "call-0",
      "call-5",
      "call-700",
      "call-3000",
    ]);
    const reopened = await openTestSpool(root);
    expect(reopened.status()).toMatchObject({ corruptBytes: 0, truncatedBytes: 0 });
    await reopened.close();
  });

  test("what was queued behind a failed write fails with it, and is not in the spool", async () => {
    const root = await temporaryDirectory();
    const { disk, files } = failingDisk();
    const spool = await openTestSpool(root, { files });
    await spool.append(call(0));
    Object.assign(disk, { fault: "EIO", partial: 10 });
    const first = spool.append(call(1));
    await Promise.resolve();
    const results = await Promise.allSettled([first, spool.append(call(2))]);
    for (const result of results)
      expect(result).toMatchObject({ reason: { code: "WEIR_SPOOL_WRITE" } });
    disk.fault = "";
    await spool.append(call(3));
    await spool.close();
    expect(await recordedIds(join(root, "proxy-0"))).toEqual(["call-0", "call-3"]);
    expect(spool.status().failedRecords).toBe(2);
  });

  test("after a failed sync no frame follows in the same segment, and the caller is told", async () => {
    const root = await temporaryDirectory();
    const { disk, files } = failingDisk();
    const errors: Error[] = [];
    const spool = await openTestSpool(root, {
      commit: "sync",
      files,
      onError: (error) => errors.push(error),
    });
    await spool.append(call(0));
    disk.syncFault = "EIO";
    await expect(spool.append(call(1))).rejects.toMatchObject({ code: "WEIR_SPOOL_WRITE" });
    disk.syncFault = "";
    await spool.append(call(2));
    expect((await listSegments(join(root, "proxy-0"))).length).toBe(2);
    expect(errors).toHaveLength(1);
    await spool.close();
  });

  test("a failed write that cannot be cut off does not hide what is written later", async () => {
    const root = await temporaryDirectory();
    const { disk, files } = failingDisk();
    const spool = await openTestSpool(root, { files });
    await spool.append(call(0));
    Object.assign(disk, { fault: "EIO", partial: 40, truncateFault: "EIO" });
    await expect(spool.append(call(1))).rejects.toMatchObject({ code: "WEIR_SPOOL_WRITE" });
    Object.assign(disk, { fault: "", truncateFault: "" });
    await spool.append(call(2));
    await spool.close();
    const segments = await listSegments(join(root, "proxy-0"));
    expect(segments.map(({ firstSequence }) => firstSequence)).toEqual([1, 3]);
  });
});
