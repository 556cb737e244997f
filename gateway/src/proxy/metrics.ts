import { Counter, Gauge, Histogram, Registry } from "prom-client";
import type { SpoolStatus } from "../ledger/spool/open-spool.ts";
import type { Ending, Exchange } from "./exchange.ts";

export interface ProxyMetrics {
  readonly registry: Registry;
  finished(exchange: Exchange, ending: Ending): void;
}

/**
 * The proxy's Prometheus metrics. Labels are bounded: nothing that a client can choose freely
 * (user, key, request id, model name) is one.
 */
export function createProxyMetrics(sources: {
  spool(): SpoolStatus;
  callsInFlight(): number;
}): ProxyMetrics {
  const registry = new Registry();
  const registers = [registry];
  const requests = countPerLabels({
    name: "weir_requests_total",
    help: "Calls that ended, by what became of them",
    labelNames: ["dialect", "route", "provider", "outcome"],
    registers,
  });
  const evaluations = countPerLabels({
    name: "weir_policy_evaluations_total",
    help: "Policy decisions taken on calls, by effect",
    labelNames: ["outcome"],
    registers,
  });
  const unpriced = countPerLabels({
    name: "weir_unpriced_calls_total",
    help: "Billed calls whose cost is unknown: their model has no price, or no usage was told",
    labelNames: ["provider"],
    registers,
  });
  const overhead = new Histogram({
    name: "weir_overhead_seconds",
    help: "Time a call spent in the gateway before it went to its provider",
    buckets: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1],
    registers,
  });
  new Gauge({
    name: "weir_calls_in_flight",
    help: "Calls under way",
    registers,
    collect() {
      this.set(sources.callsInFlight());
    },
  });
  new Gauge({
    name: "weir_spool_bytes",
    help: "Bytes of the spool that have not been shipped",
    registers,
    collect() {
      this.set(sources.spool().bytes);
    },
  });
  new Gauge({
    name: "weir_recorder_dropped_rows",
    help: "Rows dropped because the spool was full and ledger.whenFull says so",
    registers,
    collect() {
      this.set(sources.spool().droppedRecords);
    },
  });
  return {
    registry,
    finished(exchange, ending) {
      const provider = exchange.target?.upstream.name ?? "";
      requests([exchange.operation.dialect.name, exchange.operation.id, provider, ending.outcome]);
      if (ending.cost.status === "unpriced") unpriced([provider]);
      overhead.observe(ending.overheadMs / 1000);
      if (exchange.decision) evaluations([exchange.decision.effect]);
    },
  };
}

/**
 * A counter whose labels are only looked up when it is read: prom-client hashes them on every
 * increment, which is most of what counting a call would cost. Label values must not hold a line end.
 */
function countPerLabels(options: {
  name: string;
  help: string;
  labelNames: string[];
  registers: Registry[];
}): (values: string[]) => void {
  const counts = new Map<string, number>();
  new Counter({
    ...options,
    collect() {
      this.reset();
      for (const [id, count] of counts) {
        const values = id.split("\n");
        const labels = options.labelNames.map((name, at) => [name, values[at] ?? ""]);
        this.inc(Object.fromEntries(labels), count);
      }
    },
  });
  return (values) => {
    const id = values.join("\n");
    counts.set(id, (counts.get(id) ?? 0) + 1);
  };
}
