import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { LockedError } from "../lock/hold-lock.ts";
import { openSpool } from "../spool/open-spool.ts";
import { isSpoolId } from "../spool/spool-id.ts";
import { listSegments } from "../spool/segment-name.ts";

const NEVER_USED_BYTES = 67_108_864;

/**
 * Ends the last segment of every spool that nobody writes, so that it goes once it has been shipped.
 * A running proxy ends its own with the next record that comes after a minute.
 */
export async function sealIdleSpools(spoolRoot: string, now: () => number): Promise<void> {
  const entries = await readdir(spoolRoot, { withFileTypes: true });
  for (const { name } of entries.filter((entry) => entry.isDirectory() && isSpoolId(entry.name))) {
    const directory = join(spoolRoot, name);
    if ((await listSegments(directory)).length === 0) continue;
    try {
      const spool = await openSpool({
        directory,
        spoolId: name,
        commit: "sync",
        commitIntervalMs: 1,
        segmentBytes: NEVER_USED_BYTES,
        maxSpoolBytes: NEVER_USED_BYTES * 4,
        whenFull: "refuse",
        now,
        lockWaitMs: 0,
      });
      await spool.close();
    } catch (error) {
      if (!(error instanceof LockedError)) throw error;
    }
  }
}
