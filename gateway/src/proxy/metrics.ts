import { Gauge, Registry } from "prom-client";
import type { SpoolStatus } from "../ledger/spool/open-spool.ts";
import { metricNames as names } from "../shell/metric-names.ts";
import type { TokenCheck } from "./authenticate/tokens/token-authority.ts";
import type { EstimateResult } from "./estimate/create-estimator.ts";
import { AccumulatedHistogram } from "./observe/accumulated-histogram.ts";
import { attemptOutcome } from "./observe/attempt-outcome.ts";
import { LabelCounter } from "./observe/label-counter.ts";
import type { ObservedCall } from "./observe/observed-call.ts";
import { stages, type Stage } from "./observe/stages.ts";
import { UsageCounters } from "./observe/usage-counters.ts";

export interface ProxyMetrics {
  readonly registry: Registry;
  finished(call: ObservedCall): void;
  /** A stage of a call took so long, its waiting included. */
  passed(stage: Stage, ms: number): void;
  estimated(result: EstimateResult): void;
  tokenChecked(result: TokenCheck): void;
  issuerKeysFetched(issuer: string, result: "ok" | "failed"): void;
  budgetRefused(id: string): void;
  budgetWarned(id: string): void;
}

export interface MetricSources {
  spool(): Pick<SpoolStatus, "bytes" | "droppedRecords">;
  callsInFlight(): number;
  /** By provider. */
  upstreamsInFlight(): ReadonlyMap<string, number>;
  /** Breakers that are not closed, by provider. */
  openBreakers(): ReadonlyMap<string, number>;
}

const overheadBuckets = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1];
const stageBuckets = [0.00005, 0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30, 120];

/**
 * The proxy's Prometheus metrics. Labels are bounded: nothing that a client can choose freely
 * (user, key, request id, model name) is one.
 */
export function createProxyMetrics(sources: MetricSources): ProxyMetrics {
  const registry = new Registry();
  const registers = [registry];
  const count = callCounters(registers);
  const usage = new UsageCounters(registers);
  const overhead = new AccumulatedHistogram({
    name: names.overhead,
    help: "Time a call spent in the gateway before it went to its provider",
    buckets: overheadBuckets,
    values: [""],
    registers,
  });
  const stageDurations = new AccumulatedHistogram({
    name: names.stageDuration,
    help: "Time calls spent in each stage; forward is the provider's, up to the answer's end",
    buckets: stageBuckets,
    label: "stage",
    values: stages,
    registers,
  });
  addGauges(registers, sources);
  return {
    registry,
    finished(call) {
      const provider = call.provider?.name ?? "";
      count.requests.add([call.dialect, call.operation, provider, call.outcome]);
      for (const attempt of call.attempts) {
        count.attempts.add([attempt.provider.name, attemptOutcome(attempt)]);
      }
      if (call.decision !== null) count.evaluations.add([call.decision.effect]);
      if (call.assertsAnother === true) count.assertedMismatches.add([]);
      usage.count(call);
      overhead.add("", call.overheadMs / 1000);
    },
    passed: (stage, ms) => stageDurations.add(stage, ms / 1000),
    estimated: (result) => count.estimates.add([result]),
    tokenChecked: (result) => count.tokenChecks.add([result]),
    issuerKeysFetched: (issuer, result) => count.issuerKeyFetches.add([issuer, result]),
    budgetRefused: (id) => count.budgetRefusals.add([id]),
    budgetWarned: (id) => count.budgetWarnings.add([id]),
  };
}

function callCounters(registers: Registry[]) {
  const counter = (name: string, help: string, labelNames: string[]) =>
    new LabelCounter({ name, help, labelNames, registers });
  return {
    requests: counter(names.requests, "Calls that ended, by what became of them", [
      "dialect",
      "route",
      "provider",
      "outcome",
    ]),
    attempts: counter(names.attempts, "Requests to providers, retries and fallbacks included", [
      "provider",
      "outcome",
    ]),
    evaluations: counter(names.policyEvaluations, "Calls that were decided on, by last effect", [
      "outcome",
    ]),
    assertedMismatches: counter(
      names.assertedMismatches,
      "Calls whose body names another user than the credential does",
      [],
    ),
    tokenChecks: counter(names.tokenChecks, "Tokens of issuers, by what became of them", [
      "result",
    ]),
    issuerKeyFetches: counter(names.issuerKeyFetches, "Fetches of an issuer's keys", [
      "issuer",
      "result",
    ]),
    estimates: counter(names.estimates, "Estimates of untold usage, by what became of them", [
      "result",
    ]),
    budgetRefusals: counter(names.budgetRefusals, "Calls that a budget refused", ["budget"]),
    budgetWarnings: counter(names.budgetWarnings, "Soft budgets exceeded, once a window", [
      "budget",
    ]),
  };
}

function addGauges(registers: Registry[], sources: MetricSources): void {
  gauge(registers, names.callsInFlight, "Calls under way", () => sources.callsInFlight());
  gauge(
    registers,
    names.spoolBytes,
    "Bytes of the spool that have not been shipped",
    () => sources.spool().bytes,
  );
  gauge(
    registers,
    names.recorderDroppedRows,
    "Rows dropped because the spool was full and ledger.whenFull says so",
    () => sources.spool().droppedRecords,
  );
  gaugeByProvider(registers, names.upstreamInFlight, "Requests to providers under way", () =>
    sources.upstreamsInFlight(),
  );
  gaugeByProvider(
    registers,
    names.breakerState,
    "Circuit breakers of a provider that are not closed: 0 = all is well",
    () => sources.openBreakers(),
  );
}

function gauge(registers: Registry[], name: string, help: string, read: () => number): void {
  new Gauge({
    name,
    help,
    registers,
    collect() {
      this.set(read());
    },
  });
}

function gaugeByProvider(
  registers: Registry[],
  name: string,
  help: string,
  read: () => ReadonlyMap<string, number>,
): void {
  new Gauge({
    name,
    help,
    labelNames: ["provider"],
    registers,
    collect() {
      for (const [provider, value] of read()) this.set({ provider }, value);
    },
  });
}
