import { execFileSync } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Load } from "./load.ts";
import { ChaosSystem } from "./system.ts";

const isRoot = process.getuid?.() === 0;

function canMount(directory: string): boolean {
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=64m", "tmpfs", directory], {
      stdio: "ignore",
    });
    return true;
  } catch {
    return false;
  }
}

// Only root may mount the small file system that is then filled.
test.skipIf(!isRoot)(
  "a disk that is full under the spool: calls are refused, none is lost, and they go on by themselves",
  async (context) => {
    const system = await ChaosSystem.start("embedded", {
      segmentBytes: 1_048_576,
      maxSpoolBytes: 16_777_216,
    });
    const spool = join(system.dataDir, "spool");
    const load = new Load(() => system.weir);
    await system.weir.stop();
    await rm(spool, { recursive: true });
    await mkdir(spool);
    const isMounted = canMount(spool);
    try {
      if (!isMounted) context.skip("this machine lets nobody mount a file system");
      await system.startWeir();
      load.start(4);
      await expect.poll(() => load.seen.length, { timeout: 20_000 }).toBeGreaterThan(50);
      const filler = join(spool, "filler");
      await writeFile(filler, Buffer.alloc(128 * 1024 * 1024)).catch((error: unknown) => {
        expect(error).toMatchObject({ code: "ENOSPC" });
      });
      const refused = () => load.seen.filter(({ status }) => status === 503).length;
      await expect.poll(refused, { timeout: 20_000 }).toBeGreaterThan(5);
      await rm(filler);
      await system.recovered();
      const after = load.seen.length;
      const served = () => load.seen.slice(after).filter(({ status }) => status === 200).length;
      await expect.poll(served, { timeout: 20_000 }).toBeGreaterThan(20);
      await load.stop();
      // A refusal for want of room cannot be recorded: there is no room.
      const kept = load.seen.filter(({ status }) => status !== 503);
      const { faults } = await system.settle(kept);
      expect(faults).toEqual([]);
    } finally {
      await load.stop();
      await system.weir.stop();
      if (isMounted) execFileSync("umount", ["-l", spool]);
      await system.stop();
    }
  },
);
