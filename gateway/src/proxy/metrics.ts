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
  const requests = new Counter({
    name: "weir_requests_total",
    help: "Calls that ended, by what became of them",
    labelNames: ["dialect", "route", "provider", "outcome"],
    registers,
  });
  const evaluations = new Counter({
    name: "weir_policy_evaluations_total",
    help: "Policy decisions taken on calls, by effect",
    labelNames: ["outcome"],
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
      requests.inc({
        dialect: exchange.dialect.name,
        route: exchange.operation,
        provider: exchange.upstream?.name ?? "",
        outcome: ending.outcome,
      });
      overhead.observe(ending.overheadMs / 1000);
      if (exchange.decision) evaluations.inc({ outcome: exchange.decision.effect });
    },
  };
}
