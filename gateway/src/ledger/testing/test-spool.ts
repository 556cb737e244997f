import { join } from "node:path";
import { openSpool, type Spool, type SpoolOptions } from "../spool/open-spool.ts";

/** Opens spool `proxy-0` under `root` with small defaults and a real clock. */
export function openTestSpool(root: string, changes: Partial<SpoolOptions> = {}): Promise<Spool> {
  const spoolId = changes.spoolId ?? "proxy-0";
  return openSpool({
    directory: join(root, spoolId),
    spoolId,
    commit: "interval",
    commitIntervalMs: 10,
    segmentBytes: 65_536,
    maxSpoolBytes: 67_108_864,
    whenFull: "refuse",
    now: Date.now,
    lockWaitMs: 0,
    ...changes,
  });
}
