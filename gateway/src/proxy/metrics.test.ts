import { AggregatorRegistry } from "prom-client";
import { expect, test } from "vitest";
import { metricNames } from "../shell/metric-names.ts";
import { createProxyMetrics } from "./metrics.ts";
import { observedCall, provider, usage } from "./observe/testing/observed-calls.ts";
import { type Family, parseMetrics } from "./testing/parse-metrics.ts";

function create() {
  return createProxyMetrics({
    spool: () => ({ bytes: 4_096, droppedRecords: 0 }),
    callsInFlight: () => 3,
    upstreamsInFlight: () => new Map([["work", 2]]),
    openBreakers: () =>
      new Map([
        ["work", 0],
        ["other", 1],
      ]),
  });
}

async function scrape(metrics = create()): Promise<ReadonlyMap<string, Family>> {
  // As the supervisor does it: JSON from each worker, summed, then text.
  const json = [await metrics.registry.getMetricsAsJSON()];
  const text = await AggregatorRegistry.aggregate(structuredClone(json)).metrics();
  const families = parseMetrics(text);
  expect(families).toEqual(parseMetrics(await metrics.registry.metrics()));
  return new Map(families.map((family) => [family.name, family]));
}

function samplesOf(families: ReadonlyMap<string, Family>, name: string) {
  return families.get(name)?.samples.map(({ labels, value }) => [labels, value]);
}

const boundedLabels = new Set(
  "dialect route provider outcome stage class source status result le".split(" "),
);

test("a scrape is valid, and every name keeps to the conventions and to the one file of names", async () => {
  const metrics = create();
  metrics.finished(observedCall());
  metrics.passed("forward", 12);
  metrics.estimated("estimated");
  const families = await scrape(metrics);
  const known = new Set<string>(Object.values(metricNames));
  for (const { name, type, help, samples } of families.values()) {
    expect(known, name).toContain(name);
    expect(name).toMatch(/^weir(?:_[a-z0-9]+)+$/);
    expect(name.endsWith("_total"), name).toBe(type === "counter");
    if (type === "histogram") expect(name).toMatch(/_seconds$/);
    expect(name, "units are base units").not.toMatch(/_(?:ms|millis|micros|kb|mb|percent)/);
    expect(help.length, name).toBeGreaterThan(10);
    const labels = new Set(samples.flatMap((sample) => Object.keys(sample.labels)));
    expect(
      [...labels].filter((label) => !boundedLabels.has(label)),
      name,
    ).toEqual([]);
  }
});

test("a call is counted once, each of its attempts by what became of it", async () => {
  const metrics = create();
  metrics.finished(observedCall());
  metrics.finished(observedCall());
  const families = await scrape(metrics);
  expect(samplesOf(families, "weir_requests_total")).toEqual([
    [{ dialect: "anthropic", route: "messages", provider: "work", outcome: "completed" }, 2],
  ]);
  expect(samplesOf(families, "weir_attempts_total")).toEqual([
    [{ provider: "work", outcome: "server_error" }, 2],
    [{ provider: "work", outcome: "answered" }, 2],
  ]);
  expect(samplesOf(families, "weir_policy_evaluations_total")).toEqual([[{ outcome: "allow" }, 2]]);
});

test.each([
  [{ status: 429 }, "rate_limited"],
  [{ status: 404 }, "client_error"],
  [{ status: 0, errorCode: "WEIR_UPSTREAM_UNREACHABLE" }, "upstream_unreachable"],
  [{ status: 200, errorCode: "WEIR_UPSTREAM_DIED" }, "upstream_died"],
  [{ status: 0 }, "abandoned"],
])("an attempt with %j is counted as %s", async (changes, outcome) => {
  const metrics = create();
  const [attempt] = observedCall().attempts;
  if (attempt === undefined) throw new Error("there is an attempt");
  metrics.finished(observedCall({ attempts: [{ ...attempt, ...changes }] }));
  expect(samplesOf(await scrape(metrics), "weir_attempts_total")).toEqual([
    [{ provider: "work", outcome }, 1],
  ]);
});

test("token classes add up to the bill, and estimates are kept apart", async () => {
  const metrics = create();
  metrics.finished(observedCall());
  metrics.finished(observedCall({ usage: { ...usage, source: "estimated" } }));
  const families = await scrape(metrics);
  const sum = (name: string) =>
    families.get(name)?.samples.reduce((total, { value }) => total + value, 0);
  expect(sum("weir_tokens_total")).toBe(2_500);
  expect(sum("weir_estimated_tokens_total")).toBe(2_500);
  expect(samplesOf(families, "weir_tokens_total")).toContainEqual([
    { provider: "work", class: "cache_write_5m" },
    300,
  ]);
  expect(samplesOf(families, "weir_usage_total")).toEqual([
    [{ source: "provider_final" }, 1],
    [{ source: "estimated" }, 1],
  ]);
});

test("a call that no provider was asked for has no usage, source or price", async () => {
  const metrics = create();
  metrics.finished(observedCall({ provider: null, attempts: [], outcome: "unauthenticated" }));
  const families = await scrape(metrics);
  for (const name of ["weir_tokens_total", "weir_usage_total", "weir_costs_total"]) {
    expect(samplesOf(families, name), name).toEqual([]);
  }
  expect(samplesOf(families, "weir_requests_total")).toHaveLength(1);
});

test("unpriced calls and totals that do not add up are counted", async () => {
  const metrics = create();
  metrics.finished(observedCall({ costStatus: "unpriced", flags: ["total_mismatch"] }));
  metrics.finished(observedCall());
  const families = await scrape(metrics);
  expect(samplesOf(families, "weir_costs_total")).toEqual([
    [{ provider: "work", status: "unpriced" }, 1],
    [{ provider: "work", status: "priced" }, 1],
  ]);
  expect(samplesOf(families, "weir_total_mismatch_total")).toEqual([[{}, 1]]);
});

test("counters without labels are there before they have counted, and gauges tell the moment", async () => {
  const families = await scrape();
  expect(samplesOf(families, "weir_total_mismatch_total")).toEqual([[{}, 0]]);
  expect(samplesOf(families, "weir_upstream_inflight")).toEqual([[{ provider: "work" }, 2]]);
  expect(samplesOf(families, "weir_breaker_state")).toEqual([
    [{ provider: "work" }, 0],
    [{ provider: "other" }, 1],
  ]);
  expect(samplesOf(families, "weir_calls_in_flight")).toEqual([[{}, 3]]);
});

test("workers are summed, stage by stage", async () => {
  const workers = [create(), create()];
  workers[0]?.passed("forward", 40);
  workers[1]?.passed("forward", 700);
  workers[1]?.passed("record", 0.2);
  const json = await Promise.all(workers.map(({ registry }) => registry.getMetricsAsJSON()));
  const families = parseMetrics(await AggregatorRegistry.aggregate(json).metrics());
  const durations = families.find(({ name }) => name === "weir_stage_duration_seconds");
  const of = (name: string, stage: string, le?: string) =>
    durations?.samples.find(
      ({ labels, ...sample }) =>
        sample.name === name && labels["stage"] === stage && labels["le"] === le,
    )?.value;
  expect(of("weir_stage_duration_seconds_count", "forward")).toBe(2);
  expect(of("weir_stage_duration_seconds_sum", "forward")).toBeCloseTo(0.74);
  expect(of("weir_stage_duration_seconds_bucket", "forward", "0.05")).toBe(1);
  expect(of("weir_stage_duration_seconds_bucket", "forward", "1")).toBe(2);
  expect(of("weir_stage_duration_seconds_bucket", "record", "0.0005")).toBe(1);
  expect(of("weir_stage_duration_seconds_count", "authorize")).toBe(0);
});

test("a provider's name is all of it that a label holds", async () => {
  const metrics = create();
  const odd = { ...provider, name: 'a"b\\c' };
  metrics.finished(observedCall({ provider: odd }));
  const [first] = samplesOf(await scrape(metrics), "weir_requests_total") ?? [];
  expect(first?.[0]).toMatchObject({ provider: 'a"b\\c' });
});
