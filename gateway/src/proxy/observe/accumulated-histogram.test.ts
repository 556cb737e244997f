import { Histogram, Registry } from "prom-client";
import { expect, test } from "vitest";
import { AccumulatedHistogram } from "./accumulated-histogram.ts";

const shared = { name: "x_seconds", help: "A histogram", buckets: [0.1, 1, 10] };
const values = [0, 0.1, 0.10001, 0.5, 1, 9.99, 10, 11, 1e6];

test("what is read, as text and as JSON, is what prom-client's own histogram gives", async () => {
  const ours = new Registry();
  const theirs = new Registry();
  const labels = { label: "stage", values: ["a", "b"] as const };
  const accumulated = new AccumulatedHistogram({ ...shared, ...labels, registers: [ours] });
  const plain = new Histogram({ ...shared, labelNames: ["stage"], registers: [theirs] });
  plain.zero({ stage: "a" });
  plain.zero({ stage: "b" });
  for (const value of values) {
    accumulated.add("b", value);
    plain.observe({ stage: "b" }, value);
  }
  expect(await ours.metrics()).toBe(await theirs.metrics());
  const withoutExemplars = (key: string, value: unknown) =>
    key === "exemplar" ? undefined : value;
  const json = async (registry: Registry) =>
    JSON.parse(JSON.stringify(await registry.getMetricsAsJSON(), withoutExemplars));
  expect(await json(ours)).toEqual(await json(theirs));
});

test("without a label there is one row, from the first moment", async () => {
  const registry = new Registry();
  const histogram = new AccumulatedHistogram({ ...shared, values: [""], registers: [registry] });
  expect(await registry.metrics()).toContain("x_seconds_count 0");
  histogram.add("", 0.2);
  expect(await registry.metrics()).toContain('x_seconds_bucket{le="1"} 1');
});
