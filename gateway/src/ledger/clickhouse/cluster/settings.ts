/**
 * How long replicas remember the tokens of INSERTs. The default of current servers is an hour: a
 * spool that waits longer for its shipper's repeat would be added twice.
 */
const DEDUPLICATION_WINDOW_SECONDS = 2_592_000;

/** Settings of a MergeTree table as the replicated engines have them. */
export function replicatedSettings(settings: readonly string[]): string[] {
  return settings.flatMap((setting) => {
    const window = /^non_replicated_deduplication_window\s*=\s*(\d+)$/.exec(setting);
    if (window === null) return [setting];
    return [
      `replicated_deduplication_window = ${window[1]}`,
      `replicated_deduplication_window_seconds = ${DEDUPLICATION_WINDOW_SECONDS}`,
    ];
  });
}

/**
 * What an INSERT through a Distributed table needs besides the shipper's own settings, to be on a
 * majority of replicas of every shard before it is answered.
 */
export const clusterInsertSettings = {
  /** Answer when the shards have the rows, not when this node has queued them. */
  distributed_foreground_insert: 1,
  /** A majority of the replicas of each shard. */
  insert_quorum: "auto",
  /** Several shippers, and the views behind them, insert at once. */
  insert_quorum_parallel: 1,
  insert_quorum_timeout: 60_000,
  insert_distributed_one_random_shard: 0,
} as const;

/**
 * What a read needs. With parallel quorum a replica may be behind (select_sequential_consistency does
 * nothing then), so a replica that lags is passed over; an exact read first runs
 * `SYSTEM SYNC REPLICA <table>_local ON CLUSTER … LIGHTWEIGHT`.
 */
export const clusterReadSettings = {
  max_replica_delay_for_distributed_queries: 30,
  fallback_to_stale_replicas_for_distributed_queries: 0,
  /** A query over fewer shards than there are would look like a smaller bill. */
  skip_unavailable_shards: 0,
} as const;

/** What DDL needs: wait for every node, and fail when one of them did. */
export const clusterDdlSettings = {
  distributed_ddl_task_timeout: "180",
  distributed_ddl_output_mode: "throw",
  alter_sync: "2",
} as const;
