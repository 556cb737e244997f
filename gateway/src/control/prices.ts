import type { ClickHouseClient } from "@clickhouse/client";
import type { Config } from "../config/schema.ts";
import { withSimulator } from "../config/simulator.ts";
import type {
  RecomputeProgress,
  RecomputeRange,
  UnpricedModels,
  UnpricedModelsQuery,
} from "../contracts/api/prices.ts";
import { daysOf } from "../insight/day-range.ts";
import { readUnpricedModels } from "../insight/unpriced-models.ts";
import { findPrice } from "../prices/pricer.ts";
import { overridesDigest } from "../prices/overrides-digest.ts";
import { loadPriceTable } from "../prices/price-table.ts";
import type { PendingNote } from "../prices/recompute/pending.ts";
import { recompute } from "../prices/recompute/recompute.ts";
import { ControlError } from "./errors.ts";

/** What can be asked and done about prices. */
export interface PriceDesk {
  readonly unpricedModels: (query: UnpricedModelsQuery) => Promise<UnpricedModels>;
  /**
   * Progress by and by; whoever returns from it stops the work after the batch under way. Its
   * first step throws ControlError: WEIR_INVALID_RANGE, WEIR_RECOMPUTE_RUNNING,
   * WEIR_LEDGER_UNAVAILABLE.
   */
  readonly recompute: (range: RecomputeRange) => AsyncGenerator<RecomputeProgress>;
  /** Resolves when no recomputation is under way. */
  readonly idle: () => Promise<void>;
}

export interface PriceDeskOptions {
  readonly config: Config;
  readonly client: () => Promise<ClickHouseClient>;
  readonly note: PendingNote;
  /** Does the work while nothing is shipped, erased or repaired. */
  readonly whilePaused: <T>(work: () => Promise<T>) => Promise<T>;
  readonly now: () => number;
}

/** @throws PriceTableError when the table that comes with Weir is broken. */
export function createPriceDesk(options: PriceDeskOptions): PriceDesk {
  const { config, client, note, whilePaused, now } = options;
  // Calls of a time when the simulator answered are on record, whoever answers now.
  const { providers } = withSimulator(config, "http://127.0.0.1");
  loadPriceTable();
  let running: PromiseWithResolvers<void> | null = null;

  async function* runRecompute({ from, to, dryRun, overrides }: RecomputeRange) {
    if (overrides !== undefined && overrides !== overridesDigest(config.providers)) {
      const detail = "weir.yaml has changed since Weir was started. Start it again, then repeat.";
      throw new ControlError("WEIR_PRICES_CHANGED", detail);
    }
    const days = daysOf({ from, to });
    const connected = await client();
    if (running !== null) {
      const detail = "Another recomputation is under way. Wait until it has ended.";
      throw new ControlError("WEIR_RECOMPUTE_RUNNING", detail);
    }
    running = Promise.withResolvers();
    try {
      yield* recompute({ client: connected, providers, note, days, dryRun, whilePaused });
    } finally {
      running.resolve();
      running = null;
    }
  }

  return {
    unpricedModels: async (query) =>
      readUnpricedModels(await client(), {
        query,
        hasPrice: (provider, model) => findPrice(providers, provider, model).from !== "nowhere",
        nowMs: now(),
      }),
    recompute: runRecompute,
    idle: async () => running?.promise,
  };
}
