import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { Trail } from "./audit/trail.ts";
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
  readonly trail: Trail["status"];
}

type DescribeGauge = (name: string, help: string, read: () => number) => void;

/** Figures that are read when somebody asks, by name. */
function describeState(registry: Registry, state: ControlState): void {
  const { isPolicyHealthy, keyCount, ledger } = state;
  const gauge: DescribeGauge = (name, help, read) => {
    const collect = function (this: Gauge): void {
      this.set(read());
    };
    void new Gauge({ name, help, registers: [registry], collect });
  };
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
  describeTrail(gauge, state.trail);
}

function describeTrail(gauge: DescribeGauge, trail: Trail["status"]): void {
  const audit = () => trail().audit;
  const outbox = () => trail().outbox;
  gauge(metricNames.auditUp, "1 while the audit log is open and its last append went well", () =>
    audit().state === "open" && audit().lastError === "" ? 1 : 0,
  );
  gauge(metricNames.auditLeaves, "Leaves in the audit log", () => audit().leaves);
  gauge(
    metricNames.auditUnsignedLeaves,
    "Leaves that no signed head covers yet",
    () => audit().unsignedLeaves,
  );
  gauge(
    metricNames.auditLastHead,
    "When the newest head was signed, Unix time",
    () => (audit().head?.timeMs ?? 0) / 1000,
  );
  gauge(
    metricNames.auditAppendFailures,
    "Appends to the audit log that failed since the start",
    () => audit().appendFailures,
  );
  gauge(
    metricNames.auditHeadFailures,
    "Heads that could not be signed since the start",
    () => audit().headFailures,
  );
  gauge(
    metricNames.auditSecondPlaceFailures,
    "Attempts to send heads to second places that failed since the start",
    () => audit().secondPlaces.reduce((sum, { failures }) => sum + failures, 0),
  );
  gauge(metricNames.changesAccepted, "1 while changes can be recorded, 0 while refused", () =>
    outbox().isAccepting ? 1 : 0,
  );
  gauge(
    metricNames.unpublishedChanges,
    "Changes that are committed but not yet in the spool",
    () => outbox().unpublishedChanges,
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
