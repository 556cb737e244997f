import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { LedgerStatus } from "../contracts/api/ledger.ts";
import { metricNames } from "../shell/metric-names.ts";

export interface ControlMetrics {
  readonly registry: Registry;
  readonly onRequestDone: (done: {
    method: string;
    route: string;
    status: number;
    durationMs: number;
  }) => void;
  readonly onServerError: () => void;
  readonly onPolicyOutcome: (outcome: "published" | "refused") => void;
}

export interface ControlState {
  readonly isPolicyHealthy: () => boolean;
  readonly keyCount: () => number;
  readonly ledger: () => LedgerStatus;
}

/** Figures that are read when somebody asks, by name. */
function describeState(registry: Registry, { isPolicyHealthy, keyCount, ledger }: ControlState) {
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers: [registry],
      collect(): void {
        this.set(read());
      },
    });
  gauge(metricNames.policyHealthy, "1 while the newest policy sources are in force", () =>
    isPolicyHealthy() ? 1 : 0,
  );
  gauge(metricNames.snapshotKeys, "Live keys in the published snapshot", keyCount);
  gauge(metricNames.ledgerUp, "1 while ClickHouse can be reached", () =>
    ledger().state === "ready" ? 1 : 0,
  );
  gauge(
    metricNames.ledgerPendingBytes,
    "Bytes in the spools that wait to be shipped",
    () => ledger().pendingBytes,
  );
  gauge(
    metricNames.ledgerShippedRows,
    "Rows shipped over the life of the spools",
    () => ledger().shippedRows,
  );
  gauge(metricNames.ledgerDeadRows, "Rows that ClickHouse would not take", () => ledger().deadRows);
  gauge(
    metricNames.ledgerOldestUnshippedAge,
    "Age of the oldest row that waits to be shipped",
    () => ledger().oldestUnshippedAgeMs / 1000,
  );
}

/** What control tells Prometheus. Labels are routes, methods and fixed words: bounded in number. */
export function createControlMetrics(registry: Registry, state: ControlState): ControlMetrics {
  const registers = [registry];
  const requests = new Counter({
    name: metricNames.controlRequests,
    help: "Requests to the console and API",
    labelNames: ["method", "route", "status"],
    registers,
  });
  const duration = new Histogram({
    name: metricNames.controlRequestDuration,
    help: "Time to answer requests to the console and API",
    labelNames: ["route"],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10, 30],
    registers,
  });
  const errors = new Counter({
    name: metricNames.controlErrors,
    help: "Requests that failed through a fault of Weir",
    registers,
  });
  const publishes = new Counter({
    name: metricNames.policyPublishes,
    help: "Attempts to put new policy sources into force",
    labelNames: ["outcome"],
    registers,
  });
  describeState(registry, state);
  return {
    registry,
    onRequestDone: ({ method, route, status, durationMs }) => {
      requests.inc({ method, route, status: String(status) });
      duration.observe({ route }, durationMs / 1000);
    },
    onServerError: () => errors.inc(),
    onPolicyOutcome: (outcome) => publishes.inc({ outcome }),
  };
}
