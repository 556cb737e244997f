import type {
  RecomputeProgress,
  RecomputeRange,
  UnpricedModels,
  UnpricedModelsQuery,
} from "../../contracts/api/prices.ts";
import { connectLedger } from "../../control/ledger/connect.ts";
import { createPriceDesk } from "../../control/prices.ts";
import { recordedRecompute } from "../../control/record-recompute.ts";
import { closeClickHouse } from "../../ledger/clickhouse/open.ts";
import { openPendingNote } from "../../prices/recompute/pending.ts";
import { holdDataDirectory } from "../../supervisor/data-directory.ts";
import { findRunning } from "../../supervisor/running.ts";
import { type DataOwner, requireData, withControlStore } from "../open-control-store.ts";
import { withRunningControl } from "../running-control.ts";
import { remoteDesk } from "./running-control.ts";

/** What the command line asks about prices, of a running Weir or of its ledger itself. */
export interface CommandDesk {
  readonly unpricedModels: (query: UnpricedModelsQuery) => Promise<UnpricedModels>;
  readonly recompute: (range: RecomputeRange) => AsyncGenerator<RecomputeProgress>;
}

/**
 * Works on the ledger of a data directory: a Weir that runs there is asked to, since only one
 * process may have the embedded ClickHouse open; else it is opened here, under the same lock.
 * @throws StartFault
 */
export async function withPriceDesk<T>(
  owner: DataOwner,
  work: (desk: CommandDesk) => Promise<T>,
): Promise<T> {
  requireData(owner, "calls");
  const { config } = owner;
  const running = await findRunning(config.dataDir);
  if (running !== null) return withRunningControl(owner, running, (ask) => work(remoteDesk(ask)));
  const lock = await holdDataDirectory(config.dataDir, process.pid);
  try {
    const client = await connectLedger({ config, dataDir: config.dataDir });
    try {
      const note = openPendingNote(config.dataDir);
      const desk = createPriceDesk({
        config,
        client: () => Promise.resolve(client),
        note,
        whilePaused: (page) => page(),
        now: Date.now,
      });
      return await withControlStore(owner, (context) =>
        work({
          unpricedModels: desk.unpricedModels,
          recompute: (range) => recordedRecompute(context, desk, range),
        }),
      );
    } finally {
      await closeClickHouse(client);
    }
  } finally {
    lock.release();
  }
}
