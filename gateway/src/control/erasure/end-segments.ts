import { stat } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { recordChange } from "../store/change.ts";
import type { LedgerHost } from "../ledger/host.ts";

/** A spool begins another segment with the first record after so long. */
const SEGMENT_AGE_MS = 60_000;
const MARGIN_MS = 1000;

/** Of files below the data directory those that are segments of spools. */
export function segmentsAmong(paths: readonly string[]): string[] {
  return paths.filter((path) => /^spool[\\/].*\.seg$/.test(path));
}

/**
 * Waits until the segments are old enough to be ended, records that it was looked for what is left,
 * which ends control's own, and ships. A proxy's ends with the next call.
 */
export async function endSegments(
  host: LedgerHost,
  paths: readonly string[],
  looked: { readonly tombstoneId: string; readonly columns: number; readonly files: number },
): Promise<void> {
  const { context, dataDir } = host;
  const begun = await Promise.all(
    paths.map((path) =>
      stat(join(dataDir, path)).then(
        ({ birthtimeMs }) => birthtimeMs,
        () => 0,
      ),
    ),
  );
  const waitMs = Math.max(0, ...begun) + SEGMENT_AGE_MS + MARGIN_MS - context.now();
  await sleep(Math.min(Math.max(0, waitMs), SEGMENT_AGE_MS + MARGIN_MS));
  const { tombstoneId, columns, files } = looked;
  await context.store.transaction().execute((transaction) =>
    recordChange(transaction, context, {
      action: "person.seek-erased",
      entityId: tombstoneId,
      before: null,
      after: { columns, files, segmentsLeft: paths.length },
    }),
  );
  await host.shipNow();
}
