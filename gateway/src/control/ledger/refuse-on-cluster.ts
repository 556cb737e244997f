import type { ClickHouseClient } from "@clickhouse/client";
import { clusterOf } from "../../ledger/clickhouse/open.ts";
import { ControlError } from "../errors.ts";

/**
 * Some work changes rows in place, and would reach one shard of several: better not begun.
 *
 * @throws ControlError WEIR_INVALID_REQUEST
 */
export function refuseOnCluster(client: ClickHouseClient, what: string): void {
  const cluster = clusterOf(client);
  if (cluster === undefined) return;
  throw new ControlError(
    "WEIR_INVALID_REQUEST",
    `${what} is not done on a cluster ("${cluster}") yet, and nothing was changed: it would have to run ` +
      "on each shard's own tables. docs/clickhouse-server.md says what to do there by hand.",
  );
}
