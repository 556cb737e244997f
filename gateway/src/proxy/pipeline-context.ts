import type { Spool } from "../ledger/spool/open-spool.ts";
import type { Ending, Exchange } from "./exchange.ts";
import type { Upstreams } from "./forward/upstream.ts";
import type { Capacity } from "./limit/admit.ts";
import type { Pricer } from "../prices/pricer.ts";
import type { SharedRoom } from "./read-body.ts";
import type { ActiveSnapshot } from "./snapshot/active-snapshot.ts";

/** What a proxy worker lends to each call. */
export interface PipelineContext {
  snapshot(): ActiveSnapshot;
  readonly capacity: Capacity;
  readonly upstreams: Upstreams;
  readonly pricer: Pricer;
  readonly spool: Pick<Spool, "append" | "appendSoon">;
  readonly maxBodyBytes: number;
  readonly bodyRoom: SharedRoom;
  readonly clock: { nowMs: () => number; monotonicMs: () => number; newId: () => string };
  /** Told of every finished call and of what must reach the operator's log. */
  readonly observer: {
    finished(exchange: Exchange, ending: Ending): void;
    failed(message: string, exchange: Exchange, error: unknown): void;
  };
}
